package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Puts one VM back on its networks. Its workflow id, {@code replica/<replica id>}, is a mutex among
 * operations.
 */
@WorkflowInterface
public interface ReconnectOfReplica extends ReplicaSteering {
  /** Name of the workflow type. */
  String TYPE = "ReconnectOfReplica";

  /** Ends done, or with the VM as it was. */
  @WorkflowMethod(name = TYPE)
  MemberResult reconnect(SideOfReplicaRequest request);
}
