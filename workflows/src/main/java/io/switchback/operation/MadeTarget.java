package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.DiskShape;
import io.switchback.model.Failback;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.operation.Steps.Told;
import io.switchback.port.Done;
import io.switchback.port.PlaceholderActivities;
import io.switchback.port.PlaceholderActivities.ChangeVm;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import io.switchback.port.PlaceholderActivities.Placed;
import io.switchback.port.VmActivities;
import io.switchback.port.VmActivities.ChangePower;
import io.switchback.port.VmActivities.LookAtVm;
import io.temporal.failure.ActivityFailure;
import java.util.List;
import java.util.function.Supplier;

/**
 * The verbs on a target that its failback makes. Until the failback ends the VM is marked at its
 * site, so that nobody starts a half-way copy by accident.
 */
final class MadeTarget {
  private final ReplicaOperation operation;
  private final Replica replica;
  private final Ports ports;
  private final Steps steps;

  MadeTarget(ReplicaOperation operation, Replica replica) {
    this.operation = operation;
    this.replica = replica;
    this.ports = operation.ports();
    this.steps = operation.steps();
  }

  /**
   * What is written down before the VM is there: it is known by its name, and by a mark that no
   * other failback has.
   */
  Failback planned(FailbackAsked asked, PlannedLocation location, String operationId) {
    String site = replica.production().site();
    return asked.begun(
        replica,
        new VmRef(site, location.name(), location.name()),
        replica.disks(),
        location.networks(),
        /* targetRan= */ false,
        /* targetIsolated= */ false,
        replica.id() + "-home-" + operationId.substring(0, 8));
  }

  /** Makes the VM, off and empty; answers the failback with it. */
  Failback place(Failback begun, PlannedLocation location) {
    List<DiskShape> disks =
        replica.disks().stream()
            .map(disk -> new DiskShape(disk.recoveryDisk(), disk.capacityBytes()))
            .toList();
    Placed placed =
        steps.step(
            StepKind.PLACE_TARGET,
            mandate ->
                at(begun, "Make '%s' for the data of %s")
                    .placeVm(
                        new PlaceVm(
                            mandate,
                            begun.target().site(),
                            begun.targetSnapshot(),
                            location.name(),
                            location.hardware(),
                            disks,
                            location.placement(),
                            null,
                            location.format())),
            made -> new Told(made.changed(), made.attempt(), made.vm().toString()));
    return begun.made(placed.vm(), placed.disks().stream().map(DiskPair::reversed).toList());
  }

  /** The VM is gone, with all that it holds; nobody else's is touched. */
  void remove(Failback open) {
    steps.pointOfNoReturn();
    stop(open);
    operation.step(
        StepKind.REMOVE_TARGET,
        mandate -> {
          ChangeVm change = new ChangeVm(mandate, open.targetSnapshot(), open.target());
          try {
            return at(open, "Remove '%s', made for the data of %s").removeVm(change);
          } catch (ActivityFailure failure) {
            FaultException fault = Failures.toFault(failure);
            if (fault.fault() != Fault.REFUSED) {
              throw failure;
            }
            operation.note(
                "%s stays: it is not marked as what the failback made".formatted(open.target()));
            return new Done(false, fault.attempt());
          }
        });
  }

  /** The VM is off, as far as it is there; nobody else's is touched. */
  void stop(Failback open) {
    operation.step(StepKind.STOP_TARGET, mandate -> unlessGone(() -> powerOff(open, mandate)));
  }

  /**
   * The mark is looked at, because the VM may be known by its name alone, which another may have.
   */
  private Done powerOff(Failback open, Mandate mandate) {
    VmRef vm = open.target();
    VmActivities site = ports.vms(vm.site(), "Power off " + vm.name() + ", which is given up");
    return site.lookAtVm(new LookAtVm(vm)).replicaId().equals(open.targetSnapshot())
        ? site.powerOffVm(new ChangePower(mandate, vm))
        : new Done(false, 0);
  }

  /** From now on it is a VM like any other, and anybody may power it on. */
  void leave(Failback open) {
    operation.step(StepKind.LEAVE_TARGET, mandate -> leave(open, mandate));
  }

  private Done leave(Failback open, Mandate mandate) {
    return at(open, "Leave '%s', made for the data of %s, to its site")
        .leaveVm(new ChangeVm(mandate, open.targetSnapshot(), open.target()));
  }

  private static Done unlessGone(Supplier<Done> act) {
    try {
      return act.get();
    } catch (ActivityFailure failure) {
      if (Failures.toFault(failure).fault() != Fault.VM_NOT_FOUND) {
        throw failure;
      }
      return new Done(false, 0);
    }
  }

  private PlaceholderActivities at(Failback open, String summary) {
    return ports.placeholders(
        open.target().site(), summary.formatted(open.target().name(), replica.name()));
  }
}
