package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.switchback.model.VmRef;
import io.switchback.model.VmSide;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** Takes one VM off its networks, step by step. */
public final class IsolateOfReplicaWorkflow extends RunOverReplica implements IsolateOfReplica {
  private final VmSide side;

  @WorkflowInit
  public IsolateOfReplicaWorkflow(SideOfReplicaRequest request) {
    super(Operation.ISOLATE, request.replica());
    side = request.meant();
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult isolate(SideOfReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim(side); //                              1
    VmRef found = networks.toBeIsolated(side); //        2
    replica.undo(() -> networks.reconnect(side, found));
    networks.isolate(side, found); //                    3
  }
}
