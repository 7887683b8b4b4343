package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Fails one VM over to its replica, whose networks find their default gateway at the recovery site.
 * Its workflow id, {@code replica/<replica id>}, is a mutex among operations.
 */
@WorkflowInterface
public interface FullSiteFailoverOfReplica extends ReplicaSteering {
  /** Name of the workflow type. */
  String TYPE = "FullSiteFailoverOfReplica";

  /** Fails over; ends done, or undone in the state that the replica came from. */
  @WorkflowMethod(name = TYPE)
  MemberResult failOver(ReplicaRequest request);
}
