package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Adopts one replica that runs by hand. Its workflow id, {@code replica/<replica id>}, is a mutex
 * among operations.
 */
@WorkflowInterface
public interface AdoptOfReplica extends ReplicaSteering {
  /** Name of the workflow type. */
  String TYPE = "AdoptOfReplica";

  /** Adopts it; ends done, or with the replica running by hand as before. */
  @WorkflowMethod(name = TYPE)
  MemberResult adopt(ReplicaRequest request);
}
