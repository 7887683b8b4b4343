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
  private final boolean removesVm;

  @WorkflowInit
  public UndoFailbackOfReplicaWorkflow(UndoFailbackRequest request) {
    super(Operation.UNDO_FAILBACK, request.replica());
    target = new FailbackTarget(replica, request.replica());
    sync = new Synchronisation(replica, request.replica(), target);
    removesVm = request.removesVm();
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult undo(UndoFailbackRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim();
    sync.goOnFrom(target.read());
    RestorePoint before =
        requireNonNull(target.failback().protectivePoint(), "a switch was made from one");
    boolean keepsVm = target.failback().makesTarget() && !removesVm;
    if (keepsVm) {
      target.stop(); //              no way back from here
    } else {
      target.nameTheLoss();
      target.putBack(); //           no way back from here: what production wrote is gone
    }
    vm.awaitFreeAddresses();
    vm.revert(before);
    vm.powerOn();
    replica.moveTo(FAILOVER);
    target.restart(); //             if it ran before
    sync.tidyReplica();
    if (keepsVm) {
      target.release();
    }
    target.end();
    tellOfTheVm();
    vm.serve();
  }

  private void tellOfTheVm() {
    if (!target.failback().makesTarget() && removesVm) {
      replica.note(
          "%s was there before the failback: it was put back, not removed"
              .formatted(target.failback().target()));
    } else if (target.failback().makesTarget()) {
      replica.note(
          removesVm
              ? "%s, which the failback had made, is gone".formatted(target.failback().target())
              : "%s, which the failback had made, stays, off and with all that it wrote; it is a VM like any other now"
                  .formatted(target.failback().target()));
    }
  }
}
