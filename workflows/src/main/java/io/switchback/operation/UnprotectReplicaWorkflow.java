package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.port.Done;
import io.switchback.port.PlaceholderActivities;
import io.switchback.port.PlaceholderActivities.ChangeVm;
import io.switchback.port.ProtectionActivities.EndProtection;
import io.switchback.port.SheetActivities.RemoveSheet;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import io.switchback.port.TransferActivities.FenceOff;
import io.switchback.port.VmActivities.ChangePower;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** The end of one VM's protection, step by step. */
public final class UnprotectReplicaWorkflow extends RunOverReplica implements UnprotectReplica {
  private final Replica subject;
  private final Unprotection asked;
  private final boolean runs;

  @WorkflowInit
  public UnprotectReplicaWorkflow(UnprotectReplicaRequest request) {
    super(Operation.UNPROTECT, request.replica());
    subject = request.replica().member().replica();
    asked = request.asked();
    ReplicaState state = request.replica().member().state();
    runs =
        state == ReplicaState.FAILOVER
            || state == ReplicaState.PERMANENT
            || state == ReplicaState.READY_TO_SWITCH;
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult unprotect(UnprotectReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim(); //                                          1
    replica.undo(replica::resumeReplication);
    replica.hold(); //                                           2  preempts a running cycle
    replica.step(StepKind.STOP_CYCLE, this::stopCycle);
    replica.step(StepKind.DISPOSE, this::dispose); //            3  no way back from here
    replica.step(StepKind.REMOVE_SHEET, this::removeSheet); //   4  also when the VM stays
    replica.step(StepKind.TIDY_PRODUCTION, this::tidy); //       5
    replica.endWith(StepKind.END_PROTECTION, this::end); //      6  the claim goes with the replica
    replica.isGone();
    replica.wakeReplication(); //                                   its loop looks, and ends
    replica.note(
        asked.removes()
            ? "its VM %s and its restore points are gone".formatted(subject.recovery().name())
            : "%s and its restore points stay; it is a VM like any other now"
                .formatted(subject.recovery()));
  }

  private Done stopCycle(Mandate mandate) {
    return replica
        .ports()
        .fences(subject.recovery().site(), "Fence off a running cycle of " + subject.name())
        .fenceOff(new FenceOff(mandate, subject));
  }

  private Done dispose(Mandate mandate) {
    PlaceholderActivities site =
        replica
            .ports()
            .placeholders(
                subject.recovery().site(),
                (asked.removes() ? "Remove " : "Leave ") + subject.recovery().name());
    ChangeVm change = new ChangeVm(mandate, subject.id(), subject.recovery());
    if (!asked.removes()) {
      return site.leaveVm(change);
    }
    if (runs) {
      replica
          .ports()
          .vms(subject.recovery().site(), "Power off " + subject.recovery().name())
          .powerOffVm(new ChangePower(mandate, subject.recovery()));
      replica.leaveExtension();
    }
    return site.removeVm(change);
  }

  /**
   * A VM that stays is nobody's replica any more: a sheet that no cycle brings up to date would
   * send a person to restore points of long ago.
   */
  private Done removeSheet(Mandate mandate) {
    return replica
        .ports()
        .sheets(subject.recovery().site(), "Remove the break-glass sheet of " + subject.name())
        .removeSheet(new RemoveSheet(mandate, subject));
  }

  /** A cycle that was fenced off removes its own snapshot; what earlier ones left goes here. */
  private Done tidy(Mandate mandate) {
    SnapshotActivities production =
        replica
            .ports()
            .snapshots(subject.production().site(), "Remove what is ours of " + subject.name());
    String ours = "switchback-" + subject.id() + "-";
    boolean changed = false;
    for (String name : production.listSnapshots(new ListSnapshots(subject.production())).names()) {
      if (name.startsWith(ours)) {
        changed |=
            production
                .removeSnapshot(new ChangeSnapshot(mandate, subject.production(), name))
                .changed();
      }
    }
    // Also when there is none: it raises production's fence, so that a cycle that is on its way
    // makes no new one.
    Done last =
        production.removeSnapshot(new ChangeSnapshot(mandate, subject.production(), ours + 0));
    return new Done(changed || last.changed(), last.attempt());
  }

  private Done end(Mandate mandate) {
    return replica
        .ports()
        .protection(subject.name() + " is no longer protected")
        .endProtection(new EndProtection(mandate, subject.id()));
  }
}
