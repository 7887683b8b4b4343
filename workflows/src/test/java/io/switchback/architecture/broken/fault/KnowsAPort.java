package io.switchback.architecture.broken.fault;

import io.switchback.architecture.broken.port.LargeActivities;

/** Breaks a rule. */
record KnowsAPort(LargeActivities port) {}
