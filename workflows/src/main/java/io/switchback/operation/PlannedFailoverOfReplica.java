package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Moves one VM to its replica without losing anything. Its workflow id, {@code replica/<replica
 * id>}, is a mutex among operations.
 *
 * @see <a href="https://helpcenter.veeam.com/docs/backup/vsphere/planned_failover.html">Veeam,
 *     planned failover</a>, which this follows step by step
 */
@WorkflowInterface
public interface PlannedFailoverOfReplica extends ReplicaSteering, HearsProgress {
  /** Name of the workflow type. */
  String TYPE = "PlannedFailoverOfReplica";

  /** Fails over; ends done, or undone in the state that the replica came from. */
  @WorkflowMethod(name = TYPE)
  MemberResult failOver(PlannedFailoverRequest request);
}
