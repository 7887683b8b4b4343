package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Undoes the failover of one VM. Its workflow id, {@code replica/<replica id>}, is a mutex among
 * operations. The revert is its point of no return: what the replica has written is gone with it.
 *
 * @see <a href="https://helpcenter.veeam.com/docs/backup/vsphere/undo_failover.html">Veeam, undo
 *     failover</a>
 */
@WorkflowInterface
public interface UndoFailoverOfReplica extends ReplicaSteering {
  /** Name of the workflow type. */
  String TYPE = "UndoFailoverOfReplica";

  /** Undoes the failover; ends done, or, before the revert, as it was. */
  @WorkflowMethod(name = TYPE)
  MemberResult undo(ReplicaRequest request);
}
