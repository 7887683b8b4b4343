package io.switchback.operation;

/** What the run over one replica is given: what every one is, and how the failback is meant. */
public record FailbackRequest(ReplicaRequest replica, FailbackAsked asked) {}
