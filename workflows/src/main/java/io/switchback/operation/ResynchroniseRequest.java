package io.switchback.operation;

/**
 * What the run over one replica is given.
 *
 * @param unattended whether nobody waits for it, so that it gives up where others park
 */
public record ResynchroniseRequest(ReplicaRequest replica, boolean unattended) {}
