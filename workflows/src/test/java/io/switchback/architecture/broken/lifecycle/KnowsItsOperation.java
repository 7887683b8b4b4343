package io.switchback.architecture.broken.lifecycle;

import io.switchback.architecture.broken.operation.Failover;

/** Breaks a rule. */
record KnowsItsOperation(Failover failover) {}
