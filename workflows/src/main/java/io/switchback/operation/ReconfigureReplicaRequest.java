package io.switchback.operation;

/** What the run over one replica is given: what every one is, and what is to change. */
public record ReconfigureReplicaRequest(ReplicaRequest replica, Reconfiguration asked) {}
