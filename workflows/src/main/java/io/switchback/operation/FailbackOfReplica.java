package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Fails one VM back. Its workflow id, {@code replica/<replica id>}, is a mutex among operations.
 * With switchover AUTO it ends in FAILBACK, and the registry's word that production is home is its
 * point of no return; otherwise it ends in READY_TO_SWITCH with the replica still serving.
 *
 * @see <a href="https://helpcenter.veeam.com/docs/backup/vsphere/performing_failback.html">Veeam,
 *     failback</a>
 */
@WorkflowInterface
public interface FailbackOfReplica extends ReplicaSteering, HearsProgress {
  /** Name of the workflow type. */
  String TYPE = "FailbackOfReplica";

  /** Fails back; ends done, or as it was. */
  @WorkflowMethod(name = TYPE)
  MemberResult failBack(FailbackRequest request);
}
