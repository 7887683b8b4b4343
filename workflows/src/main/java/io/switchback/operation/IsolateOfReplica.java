package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Takes one VM off its networks. Its workflow id, {@code replica/<replica id>}, is a mutex among
 * operations.
 */
@WorkflowInterface
public interface IsolateOfReplica extends ReplicaSteering {
  /** Name of the workflow type. */
  String TYPE = "IsolateOfReplica";

  /** Ends done, or with the VM as it was. */
  @WorkflowMethod(name = TYPE)
  MemberResult isolate(SideOfReplicaRequest request);
}
