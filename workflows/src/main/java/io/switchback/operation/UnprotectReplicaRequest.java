package io.switchback.operation;

/** What the run over one replica is given: what every one is, and what becomes of the replica. */
public record UnprotectReplicaRequest(ReplicaRequest replica, Unprotection asked) {}
