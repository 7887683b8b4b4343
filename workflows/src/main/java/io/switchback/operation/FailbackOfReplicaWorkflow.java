package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;

import io.switchback.model.Switchover;
import io.switchback.model.Undoable;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** Failback of one replica, step by step. */
public final class FailbackOfReplicaWorkflow extends RunOverReplica implements FailbackOfReplica {
  private final FailbackAsked asked;
  private final FailbackTarget target;
  private final Synchronisation sync;
  private final ScheduledSwitch schedule;

  @WorkflowInit
  public FailbackOfReplicaWorkflow(FailbackRequest request) {
    super(request.asked().operation(), request.replica());
    asked = request.asked();
    target = new FailbackTarget(replica, request.replica());
    sync = new Synchronisation(replica, request.replica(), target);
    schedule = new ScheduledSwitch(replica, request.replica());
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult failBack(FailbackRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    target.plan(asked);
    replica.claim();
    window.plan(Undoable.FAILBACK);
    target.begin(asked);
    target.prepare(); //                                 1
    replica.undo(sync::tidyReplica);
    long sent = sync.whileServing(); //                  2, 3
    if (asked.switchover() == Switchover.AUTO) {
      new SwitchSteps(replica, target, sync).run(sent); // 4 to 9
      window.open(Undoable.FAILBACK);
    } else {
      replica.undo(() -> replica.moveTo(FAILOVER));
      replica.moveTo(READY_TO_SWITCH);
      if (ScheduledSwitch.hasTimer(target.failback())) {
        schedule.start();
      }
      replica.note("%d bytes sent; the replica serves until it is switched over".formatted(sent));
    }
  }
}
