package io.switchback.operation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a run over many replicas is. */
public record OperationStatus(String operation, String operationId, List<MemberStatus> members) {
  public OperationStatus {
    members = List.copyOf(members);
  }

  /**
   * Where one member is.
   *
   * @param workflowId of the run over this replica
   * @param phase in a few words
   */
  public record MemberStatus(String vm, String workflowId, String phase, @Nullable Parked parked) {}
}
