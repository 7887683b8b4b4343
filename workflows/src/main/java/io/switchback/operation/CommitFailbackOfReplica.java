package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Commits the failback of one VM. Its workflow id, {@code replica/<replica id>}, is a mutex among
 * operations. Removing production's own snapshot is its point of no return.
 *
 * @see <a href="https://helpcenter.veeam.com/docs/backup/vsphere/commit_failback.html">Veeam,
 *     commit failback</a>
 */
@WorkflowInterface
public interface CommitFailbackOfReplica extends ReplicaSteering {
  /** Name of the workflow type. */
  String TYPE = "CommitFailbackOfReplica";

  /** Commits; ends done, or, before that removal, as it was. */
  @WorkflowMethod(name = TYPE)
  MemberResult commit(ReplicaRequest request);
}
