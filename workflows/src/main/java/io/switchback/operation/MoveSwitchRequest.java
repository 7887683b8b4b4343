package io.switchback.operation;

import java.time.Instant;

/** What the run over one replica is given: what every one is, and the switch's new time. */
public record MoveSwitchRequest(ReplicaRequest replica, Instant at) {}
