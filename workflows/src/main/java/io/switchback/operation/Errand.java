package io.switchback.operation;

import io.switchback.model.CheckOverride;
import io.switchback.port.CatalogueActivities.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run over one VM is about, and in whose name.
 *
 * @param vm name of the VM, for people
 * @param parent workflow id of the run over all; null when there is none
 */
record Errand(
    String replicaId,
    String vm,
    String operationId,
    List<CheckOverride> overrides,
    String by,
    String reason,
    @Nullable String parent) {
  static Errand of(ReplicaRequest request) {
    Member member = request.member();
    return new Errand(
        member.replica().id(),
        member.replica().name(),
        request.operationId(),
        request.overrides(),
        request.by(),
        request.reason(),
        request.parent());
  }
}
