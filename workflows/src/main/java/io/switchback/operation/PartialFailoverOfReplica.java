package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Fails one VM over to its replica. Its workflow id, {@code replica/<replica id>}, is a mutex among
 * operations.
 *
 * @see <a href="https://helpcenter.veeam.com/docs/backup/cloud/cloud_failover_partial.html">Veeam
 *     Cloud Connect, partial failover</a>, which this follows step by step
 */
@WorkflowInterface
public interface PartialFailoverOfReplica extends ReplicaSteering {
  /** Name of the workflow type. */
  String TYPE = "PartialFailoverOfReplica";

  /** Fails over; ends done, or undone in the state that the replica came from. */
  @WorkflowMethod(name = TYPE)
  MemberResult failOver(ReplicaRequest request);
}
