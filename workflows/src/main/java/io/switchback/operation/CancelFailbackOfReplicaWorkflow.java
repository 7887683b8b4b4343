package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** The cancellation of one replica's failback, step by step. */
public final class CancelFailbackOfReplicaWorkflow extends RunOverReplica
    implements CancelFailbackOfReplica {
  private final FailbackTarget target;
  private final Synchronisation sync;
  private final ScheduledSwitch schedule;

  @WorkflowInit
  public CancelFailbackOfReplicaWorkflow(ReplicaRequest request) {
    super(Operation.CANCEL_FAILBACK, request);
    target = new FailbackTarget(replica, request);
    sync = new Synchronisation(replica, request, target);
    schedule = new ScheduledSwitch(replica, request);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult cancel(ReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim();
    sync.goOnFrom(target.read());
    target.putBack(); //             no way back from here: its disks are what they were
    sync.tidyReplicaOfAllRounds();
    replica.moveTo(FAILOVER);
    target.restart(); //             if it ran before
    target.end();
    schedule.ends(target.failback());
  }
}
