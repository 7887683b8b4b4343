package io.switchback.operation;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.DiskShape;
import io.switchback.model.Failback;
import io.switchback.model.FailbackTo;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.operation.Steps.Told;
import io.switchback.port.InventoryActivities.DescribeVm;
import io.switchback.port.InventoryActivities.FindVms;
import io.switchback.port.InventoryActivities.Inventory;
import io.switchback.port.VmActivities.LookAtVm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The verbs by which a failback finds the VM that is there already, to which the data go back. */
final class TargetChoice {
  private final ReplicaOperation operation;
  private final ReplicaRequest request;
  private final Replica replica;
  private final Ports ports;
  private final Steps steps;

  TargetChoice(ReplicaOperation operation, ReplicaRequest request) {
    this.operation = operation;
    this.request = request;
    this.replica = request.member().replica();
    this.ports = operation.ports();
    this.steps = operation.steps();
  }

  /**
   * The failback to that VM, as it is found before anything is written.
   *
   * <p>Parks where the VM does not fit: a disk that only one of the two has would be lost, or never
   * written.
   */
  Failback find(FailbackAsked asked) {
    VmProfile found = look(asked);
    VmProfile seen = found.power() == PowerState.SUSPENDED ? unlessSuspended(asked) : found;
    return asked.begun(
        replica,
        seen.vm(),
        pairs(seen),
        List.of(),
        seen.power() == PowerState.ON,
        isIsolated(seen.vm()),
        ReplicaOperation.ownSnapshots(replica) + "target-" + request.operationId());
  }

  private VmProfile look(FailbackAsked asked) {
    return steps.step(
        StepKind.LOOK_AT_TARGET,
        mandate -> fitting(asked.to() == FailbackTo.RESTORED ? named(asked) : production()),
        vm -> new Told(false, 0, "%s is %s".formatted(vm.vm(), vm.power())));
  }

  /**
   * Whether Switchback has taken it off its networks, which the switch ends and an undo restores.
   */
  private boolean isIsolated(VmRef vm) {
    return steps
        .step(
            StepKind.LOOK_AT_TARGET,
            mandate ->
                ports.vms(vm.site(), "Is " + vm.name() + " isolated?").lookAtVm(new LookAtVm(vm)),
            seen -> new Told(false, 0, seen.isolated() ? "is isolated" : "is not isolated"))
        .isolated();
  }

  /** What it has in memory cannot be put back: a person says whether it may go. */
  private VmProfile unlessSuspended(FailbackAsked asked) {
    VmProfile[] seen = new VmProfile[1];
    operation.check(
        Checks.TARGET_SUSPENDED,
        () -> {
          seen[0] = look(asked);
          return seen[0].power() != PowerState.SUSPENDED
              ? Optional.empty()
              : Optional.of(
                  "%s is suspended, and is about to be powered off: what it has in memory is lost, also where the failback is undone. Resume it, and retry; or acknowledge."
                      .formatted(seen[0].vm()));
        });
    return seen[0];
  }

  private VmProfile production() {
    return ports
        .inventory(productionSite(), "What is production of " + replica.name() + " made of now?")
        .describeVm(new DescribeVm(replica.production()));
  }

  private VmProfile named(FailbackAsked asked) {
    Inventory found =
        ports
            .inventory(productionSite(), "Which VM is '" + asked.restored() + "'?")
            .findVms(new FindVms(productionSite(), List.of(asked.restored()), "", ""));
    if (found.vms().size() != 1) {
      throw new FaultException(
          Fault.VM_NOT_FOUND,
          "Could not fail '%s' back to '%s': site '%s' has %d VMs of that name or id. Abort, and name one."
              .formatted(replica.name(), asked.restored(), productionSite(), found.vms().size()));
    }
    return found.vms().getFirst();
  }

  /** A disk that only one of the two has would be lost, or never written. */
  private VmProfile fitting(VmProfile seen) {
    List<Long> here = seen.disks().stream().map(DiskShape::capacityBytes).toList();
    boolean isFitting =
        seen.vm().id().equals(replica.production().id())
            ? new TreeSet<>(seen.disks().stream().map(TargetChoice::words).toList())
                .equals(new TreeSet<>(replica.disks().stream().map(TargetChoice::words).toList()))
            : here.equals(replica.disks().stream().map(DiskPair::capacityBytes).toList());
    if (!isFitting) {
      throw new FaultException(
          Fault.SHAPE_CHANGED,
          "Could not fail '%s' back to %s: that has the disks %s, and the replica has %s. Give it the same disks, then retry; or abort."
              .formatted(
                  replica.name(),
                  seen.vm(),
                  seen.disks().stream().map(TargetChoice::words).toList(),
                  replica.disks().stream().map(TargetChoice::words).toList()));
    }
    return seen;
  }

  private static String words(DiskShape disk) {
    return "%s of %d bytes".formatted(disk.id(), disk.capacityBytes());
  }

  private static String words(DiskPair disk) {
    return "%s of %d bytes".formatted(disk.productionDisk(), disk.capacityBytes());
  }

  private List<DiskPair> pairs(VmProfile seen) {
    if (seen.vm().id().equals(replica.production().id())) {
      return replica.disks();
    }
    List<DiskPair> pairs = new ArrayList<>();
    for (int i = 0; i < replica.disks().size(); i++) {
      DiskPair disk = replica.disks().get(i);
      pairs.add(new DiskPair(seen.disks().get(i).id(), disk.recoveryDisk(), disk.capacityBytes()));
    }
    return pairs;
  }

  private String productionSite() {
    return replica.production().site();
  }
}
