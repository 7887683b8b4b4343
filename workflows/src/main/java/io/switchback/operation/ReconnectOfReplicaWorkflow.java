package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.switchback.model.VmSide;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** Puts one VM back on its networks, step by step. */
public final class ReconnectOfReplicaWorkflow extends RunOverReplica implements ReconnectOfReplica {
  private final VmSide side;

  @WorkflowInit
  public ReconnectOfReplicaWorkflow(SideOfReplicaRequest request) {
    super(Operation.RECONNECT, request.replica());
    side = request.meant();
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult reconnect(SideOfReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim(side); //                              1
    networks.reconnect(side, networks.vmAt(side)); //    2
  }
}
