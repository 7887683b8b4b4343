package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** The switch of one replica to production, step by step. */
public final class SwitchOverOfReplicaWorkflow extends RunOverReplica
    implements SwitchOverOfReplica {
  private final FailbackTarget target;
  private final Synchronisation sync;

  @WorkflowInit
  public SwitchOverOfReplicaWorkflow(ReplicaRequest request) {
    super(Operation.SWITCH_OVER, request);
    target = new FailbackTarget(replica, request);
    sync = new Synchronisation(replica, request, target);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult switchOver(ReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim();
    sync.goOnFrom(target.read());
    target.lookAtStopped();
    long sent = sync.whileServing(); //                  so that little is left for the switch
    new SwitchSteps(replica, target, sync).run(sent); // 4 to 9
  }
}
