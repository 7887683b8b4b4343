package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.switchback.model.Undoable;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The switch of one replica to production, step by step. */
public final class SwitchOverOfReplicaWorkflow extends RunOverReplica
    implements SwitchOverOfReplica {
  private final FailbackTarget target;
  private final Synchronisation sync;
  private final ScheduledSwitch schedule;

  @WorkflowInit
  public SwitchOverOfReplicaWorkflow(SwitchOverRequest request) {
    super(Operation.SWITCH_OVER, request.replica());
    target = new FailbackTarget(replica, request.replica());
    sync = new Synchronisation(replica, request.replica(), target);
    schedule = new ScheduledSwitch(replica, request.replica());
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult switchOver(SwitchOverRequest request) {
    return replica.conduct(() -> steps(request.due()));
  }

  private void steps(@Nullable Instant due) {
    replica.claim();
    sync.goOnFrom(target.read());
    ScheduledSwitch.leaveUnlessDue(target.failback(), due);
    window.plan(Undoable.FAILBACK);
    target.lookAtStopped();
    sync.tidyWhatFailed();
    long sent = sync.whileServing(); //                  so that little is left for the switch
    new SwitchSteps(replica, target, sync).run(sent); // 4 to 9
    window.open(Undoable.FAILBACK);
    schedule.ends(target.failback());
  }
}
