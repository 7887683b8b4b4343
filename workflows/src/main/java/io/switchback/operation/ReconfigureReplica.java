package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Changes how one VM is protected. Its workflow id, {@code replica/<replica id>}, is a mutex among
 * operations; it claims nothing, so that a cycle that runs goes on.
 */
@WorkflowInterface
public interface ReconfigureReplica extends ReplicaSteering {
  /** Name of the workflow type. */
  String TYPE = "ReconfigureReplica";

  /** Reconfigures; ends done, or with nothing changed. */
  @WorkflowMethod(name = TYPE)
  MemberResult reconfigure(ReconfigureReplicaRequest request);
}
