package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Undoes the failback of one VM. Its workflow id, {@code replica/<replica id>}, is a mutex among
 * operations. Putting production back is its point of no return: what it has written since the
 * switch is gone.
 *
 * @see <a href="https://helpcenter.veeam.com/docs/backup/vsphere/undo_failback.html">Veeam, undo
 *     failback</a>
 */
@WorkflowInterface
public interface UndoFailbackOfReplica extends ReplicaSteering {
  /** Name of the workflow type. */
  String TYPE = "UndoFailbackOfReplica";

  /** Undoes the failback; ends done, or, before production is put back, as it was. */
  @WorkflowMethod(name = TYPE)
  MemberResult undo(UndoFailbackRequest request);
}
