package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.model.Failback;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.port.Done;
import io.switchback.port.FailbackActivities.DescribeFailback;
import io.switchback.port.PlaceholderActivities;
import io.switchback.port.PlaceholderActivities.ChangeVm;
import io.switchback.port.ProtectionActivities.EndProtection;
import io.switchback.port.SheetActivities.RemoveSheet;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import io.switchback.port.TransferActivities.FenceOff;
import io.temporal.failure.ActivityFailure;
import java.util.function.Supplier;

/** The verbs by which one VM's protection ends. */
final class EndOfProtection {
  private final ReplicaOperation operation;
  private final Replica replica;

  EndOfProtection(ReplicaOperation operation, Replica replica) {
    this.operation = operation;
    this.replica = replica;
  }

  void stopCycle() {
    operation.step(StepKind.STOP_CYCLE, this::fenceOff);
  }

  /** A VM that is gone is nothing that a cycle could write to. */
  private Done fenceOff(Mandate mandate) {
    try {
      return operation
          .ports()
          .fences(recoverySite(), "Fence off a running cycle of " + replica.name())
          .fenceOff(new FenceOff(mandate, replica));
    } catch (ActivityFailure failure) {
      if (Failures.toFault(failure).fault() != Fault.VM_NOT_FOUND) {
        throw failure;
      }
      return new Done(false, 0);
    }
  }

  /** Leaves the replica's VM to the site, with its restore points. */
  void leaveVm() {
    operation.step(StepKind.DISPOSE, mandate -> placeholders("Leave ").leaveVm(vm(mandate)));
  }

  /**
   * Removes the replica's VM with its restore points.
   *
   * @param runs whether it may run, in production's place
   */
  void removeVm(boolean runs) {
    if (runs) {
      // Somebody has confirmed that it goes: it does not start again because the next step fails.
      operation.steps().pointOfNoReturn();
      operation.vm().powerOff();
      operation.networks().leaveExtension();
    }
    operation.step(StepKind.DISPOSE, mandate -> placeholders("Remove ").removeVm(vm(mandate)));
  }

  private PlaceholderActivities placeholders(String what) {
    return operation.ports().placeholders(recoverySite(), what + replica.recovery().name());
  }

  private ChangeVm vm(Mandate mandate) {
    return new ChangeVm(mandate, replica.id(), replica.recovery());
  }

  /**
   * Removes everything else of ours at both sites, then the replica with its claim.
   *
   * @param isFailedBack whether its production may be a VM that a failback has made
   */
  void finish(boolean isFailedBack) {
    operation.step(StepKind.REMOVE_SHEET, this::removeSheet);
    operation.step(StepKind.TIDY_PRODUCTION, mandate -> tidy(mandate, isFailedBack));
    operation.endWith(StepKind.END_PROTECTION, this::end);
    operation.isGone();
    operation.wakeReplication(); // its loop looks, and ends
  }

  /**
   * A VM that stays is nobody's replica any more: a sheet that no cycle brings up to date would
   * send a person to restore points of long ago.
   */
  private Done removeSheet(Mandate mandate) {
    return operation
        .ports()
        .sheets(recoverySite(), "Remove the break-glass sheet of " + replica.name())
        .removeSheet(new RemoveSheet(mandate, replica));
  }

  /** A cycle that was fenced off removes its own snapshot; what earlier ones left goes here. */
  private Done tidy(Mandate mandate, boolean isFailedBack) {
    SnapshotActivities production =
        operation
            .ports()
            .snapshots(replica.production().site(), "Remove what is ours of " + replica.name());
    String ours = ReplicaOperation.ownSnapshots(replica);
    boolean changed = false;
    // Each removal outranks the last attempt of the one before it.
    Supplier<Mandate> mandates = operation.steps().mandates(mandate);
    for (String name : production.listSnapshots(new ListSnapshots(replica.production())).names()) {
      if (name.startsWith(ours)) {
        changed |=
            production
                .removeSnapshot(new ChangeSnapshot(mandates.get(), replica.production(), name))
                .changed();
      }
    }
    if (isFailedBack) {
      changed |= leaveMade(mandates);
    }
    // Also when there is none: it raises production's fence, so that a cycle that is on its way
    // makes no new one.
    Done last =
        production.removeSnapshot(
            new ChangeSnapshot(mandates.get(), replica.production(), ours + 0));
    return new Done(changed || last.changed(), last.attempt());
  }

  /** A VM that a failback has made, and that is production, is a VM like any other from now on. */
  private boolean leaveMade(Supplier<Mandate> mandates) {
    Failback open =
        operation
            .ports()
            .failbacks("Has a failback made production of " + replica.name() + "?")
            .describeFailback(new DescribeFailback(replica.id()))
            .failback();
    return open != null
        && open.makesTarget()
        && operation
            .ports()
            .placeholders(open.target().site(), "Leave " + open.target().name() + " to its site")
            .leaveVm(new ChangeVm(mandates.get(), open.targetSnapshot(), open.target()))
            .changed();
  }

  private Done end(Mandate mandate) {
    return operation
        .ports()
        .protection(replica.name() + " is no longer protected")
        .endProtection(new EndProtection(mandate, replica.id()));
  }

  private String recoverySite() {
    return replica.recovery().site();
  }
}
