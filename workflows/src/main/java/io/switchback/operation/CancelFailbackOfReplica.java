package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Cancels the failback of one VM. Its workflow id, {@code replica/<replica id>}, is a mutex among
 * operations. Putting production back is its point of no return.
 *
 * @see <a href="https://helpcenter.veeam.com/docs/backup/vsphere/undo_failback.html">Veeam,
 *     cancel</a>
 */
@WorkflowInterface
public interface CancelFailbackOfReplica extends ReplicaSteering {
  /** Name of the workflow type. */
  String TYPE = "CancelFailbackOfReplica";

  /** Cancels; ends done, or, before production is put back, as it was. */
  @WorkflowMethod(name = TYPE)
  MemberResult cancel(ReplicaRequest request);
}
