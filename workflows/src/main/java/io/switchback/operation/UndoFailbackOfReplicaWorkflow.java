package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static java.util.Objects.requireNonNull;

import io.switchback.lifecycle.Operation;
import io.switchback.model.RestorePoint;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** The undo of one replica's failback, step by step. */
public final class UndoFailbackOfReplicaWorkflow extends RunOverReplica
    implements UndoFailbackOfReplica {
  private final FailbackTarget target;
  private final Synchronisation sync;

  @WorkflowInit
  public UndoFailbackOfReplicaWorkflow(ReplicaRequest request) {
    super(Operation.UNDO_FAILBACK, request);
    target = new FailbackTarget(replica, request);
    sync = new Synchronisation(replica, request, target);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult undo(ReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim();
    sync.goOnFrom(target.read());
    RestorePoint before =
        requireNonNull(target.failback().protectivePoint(), "a switch was made from one");
    target.nameTheLoss();
    target.putBack(); //             no way back from here: what production wrote is gone
    replica.check(Checks.PRODUCTION_STILL_RUNS, this::twinStillServes);
    vm.revert(before);
    vm.powerOn();
    replica.moveTo(FAILOVER);
    target.restart(); //             if it ran before
    sync.tidyReplica();
    target.end();
    vm.serve();
  }

  private java.util.Optional<String> twinStillServes() {
    return Twin.stillServes(vm.lookAtStopped(), preflight.lookAtProduction());
  }
}
