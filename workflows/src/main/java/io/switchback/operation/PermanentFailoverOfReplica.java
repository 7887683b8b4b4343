package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Makes one failed-over replica production for good. Its workflow id, {@code replica/<replica id>},
 * is a mutex among operations. Its point of no return is where the restore points are let go.
 *
 * @see <a href="https://helpcenter.veeam.com/docs/backup/vsphere/permanent_failover.html">Veeam,
 *     permanent failover</a>
 */
@WorkflowInterface
public interface PermanentFailoverOfReplica extends ReplicaSteering {
  /** Name of the workflow type. */
  String TYPE = "PermanentFailoverOfReplica";

  /** Makes it permanent; ends done, or, before the point of no return, as it was. */
  @WorkflowMethod(name = TYPE)
  MemberResult makePermanent(ReplicaRequest request);
}
