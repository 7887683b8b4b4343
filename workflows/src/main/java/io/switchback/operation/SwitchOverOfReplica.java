package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Switches one VM from its replica to production. Its workflow id, {@code replica/<replica id>}, is
 * a mutex among operations. The registry's word that production is home is its point of no return.
 *
 * @see <a href="https://helpcenter.veeam.com/docs/backup/vsphere/switchover_failback.html">Veeam,
 *     switch over</a>
 */
@WorkflowInterface
public interface SwitchOverOfReplica extends ReplicaSteering, HearsProgress {
  /** Name of the workflow type. */
  String TYPE = "SwitchOverOfReplica";

  /**
   * Switches over; ends done, or READY_TO_SWITCH as before. So it ends as well when a schedule has
   * started it and the time was moved meanwhile.
   */
  @WorkflowMethod(name = TYPE)
  MemberResult switchOver(SwitchOverRequest request);
}
