package io.switchback.architecture.broken;

import java.time.Clock;

/** Breaks a rule. */
record HoldsAClock(Clock clock) {}
