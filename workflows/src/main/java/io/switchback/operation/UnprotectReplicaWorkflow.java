package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Replica;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** The end of one VM's protection, step by step. */
public final class UnprotectReplicaWorkflow extends RunOverReplica implements UnprotectReplica {
  private final Replica subject;
  private final Unprotection asked;
  private final boolean runs;
  private final EndOfProtection end;

  @WorkflowInit
  public UnprotectReplicaWorkflow(UnprotectReplicaRequest request) {
    super(Operation.UNPROTECT, request.replica());
    subject = request.replica().member().replica();
    asked = request.asked();
    runs = Drifts.serves(request.replica().member().state());
    end = new EndOfProtection(replica, subject);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult unprotect(UnprotectReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim(); //                  1
    refuseWhatItBecame();
    if (!runs && !Drifts.isHeld(replica.cameFrom())) {
      replica.undo(replica::resumeReplication);
    }
    replica.hold(); //                   2  preempts a running cycle
    end.stopCycle();
    if (asked.removes()) { //            3  no way back from here
      end.removeVm(runs);
    } else {
      end.leaveVm();
    }
    end.finish(
        replica.cameFrom()
            == FAILBACK); //                     4, 5, 6  the sheet, production, the registry
    if (replica.cameFrom() == FAILBACK) {
      replica.note(
          "%s keeps what it holds; the snapshot of what it was before the failback is gone"
              .formatted(subject.production()));
    }
    replica.note(
        asked.removes()
            ? "its VM %s and its restore points are gone".formatted(subject.recovery().name())
            : "%s and its restore points stay; it is a VM like any other now"
                .formatted(subject.recovery()));
  }

  /** Another operation may have come first: what was asked was then asked of something else. */
  private void refuseWhatItBecame() {
    ReplicaState now = replica.cameFrom();
    if (Drifts.serves(now) != runs || now == READY_TO_SWITCH) {
      throw new Aborted(
          "the replica of '%s' became %s meanwhile: look at its status, and start again"
              .formatted(subject.name(), now));
    }
  }
}
