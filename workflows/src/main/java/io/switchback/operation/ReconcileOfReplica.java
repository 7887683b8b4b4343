package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Settles one replica's claim. Its workflow id, {@code replica/<replica id>}, is a mutex among
 * operations, so that it cannot begin while the run that made the claim lives.
 */
@WorkflowInterface
public interface ReconcileOfReplica extends ReplicaSteering {
  /** Name of the workflow type. */
  String TYPE = "ReconcileOfReplica";

  /** Shows what is, or settles it; it never gives a claim up without having settled it. */
  @WorkflowMethod(name = TYPE)
  MemberResult reconcile(ReplicaRequest request);
}
