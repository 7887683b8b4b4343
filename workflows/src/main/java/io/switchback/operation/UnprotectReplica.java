package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Ends the protection of one VM. Its workflow id, {@code replica/<replica id>}, is a mutex. */
@WorkflowInterface
public interface UnprotectReplica extends ReplicaSteering {
  /** Name of the workflow type. */
  String TYPE = "UnprotectReplica";

  /** Unprotects; ends done, or undone in the state that the replica came from. */
  @WorkflowMethod(name = TYPE)
  MemberResult unprotect(UnprotectReplicaRequest request);
}
