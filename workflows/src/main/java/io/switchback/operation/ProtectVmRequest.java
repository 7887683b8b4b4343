package io.switchback.operation;

import io.switchback.model.Pace;
import org.jspecify.annotations.Nullable;

/**
 * What the run over one VM is given by the run over all.
 *
 * @param operationId derived from the parent's and the replica id
 * @param parent workflow id of the run over all, which is told when the member parks
 */
public record ProtectVmRequest(
    PlannedVm vm,
    String operationId,
    String by,
    String reason,
    Pace pace,
    @Nullable String parent) {}
