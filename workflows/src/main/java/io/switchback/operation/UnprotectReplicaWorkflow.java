package io.switchback.operation;

import io.switchback.lifecycle.Operation;
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
    if (!runs) {
      replica.undo(replica::resumeReplication);
    }
    replica.hold(); //                   2  preempts a running cycle
    end.stopCycle();
    if (asked.removes()) { //            3  no way back from here
      end.removeVm(runs);
    } else {
      end.leaveVm();
    }
    end.finish(); //                     4, 5, 6  the sheet, production, the registry
    replica.note(
        asked.removes()
            ? "its VM %s and its restore points are gone".formatted(subject.recovery().name())
            : "%s and its restore points stay; it is a VM like any other now"
                .formatted(subject.recovery()));
  }
}
