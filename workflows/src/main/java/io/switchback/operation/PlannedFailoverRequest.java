package io.switchback.operation;

import java.time.Duration;

/**
 * What the run over one replica is given: what every one is, and how long production's guest may
 * take to shut down before production is powered off.
 */
public record PlannedFailoverRequest(ReplicaRequest replica, Duration shutdownLimit) {}
