package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import java.time.Instant;

/** The move of one scheduled switch, step by step. */
public final class MoveSwitchOfReplicaWorkflow extends RunOverReplica
    implements MoveSwitchOfReplica {
  private final FailbackTarget target;
  private final ScheduledSwitch schedule;

  @WorkflowInit
  public MoveSwitchOfReplicaWorkflow(MoveSwitchRequest request) {
    super(Operation.MOVE_SWITCH, request.replica());
    target = new FailbackTarget(replica, request.replica());
    schedule = new ScheduledSwitch(replica, request.replica());
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult move(MoveSwitchRequest request) {
    return replica.conduct(() -> steps(request.at()));
  }

  private void steps(Instant at) {
    Instant before = schedule.refuseUnlessScheduled(target.read());
    replica.claim();
    replica.undo(() -> schedule.moveTo(before));
    schedule.moveTo(at);
    schedule.start(); //  it runs already, and looks now
    replica.note("is switched over at " + at + "; before it was " + before);
  }
}
