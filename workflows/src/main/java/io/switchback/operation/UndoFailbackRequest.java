package io.switchback.operation;

/**
 * What the run over one replica is given.
 *
 * @param removesVm whether a VM that the failback has made is removed, with all that it holds
 */
public record UndoFailbackRequest(ReplicaRequest replica, boolean removesVm) {}
