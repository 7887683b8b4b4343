package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.OptionValue;
import com.vmware.vim25.VirtualMachineConfigSpec;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.DiskShape;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.PlaceholderActivities;
import java.rmi.RemoteException;
import java.util.List;
import java.util.Optional;

/**
 * Replicas' VMs at a vCenter. The instance uuid of a VM that is made follows from the replica's id,
 * so that an attempt whose answer was lost finds what it has made; that it is a replica's is marked
 * in its own configuration.
 */
public final class VspherePlaceholderActivities implements PlaceholderActivities {
  private final VCenters vcenters;

  public VspherePlaceholderActivities(VCenters vcenters) {
    this.vcenters = vcenters;
  }

  @Override
  public Placed placeVm(PlaceVm request) {
    String what =
        "place VM '%s' for replica '%s' at site '%s'"
            .formatted(request.name(), request.replicaId(), request.site());
    return VsphereFaults.translated(
        what,
        () -> {
          stayAlive();
          VCenter vcenter = vcenters.at(request.site());
          VmList listed = VmList.read(vcenter);
          Optional<VmRef> known = listed.ofReplica(request.replicaId());
          if (known.isPresent()) {
            Fences.raise(what, vcenter, known.get(), request.mandate());
            return placed(vcenter, known.get(), request, false);
          }
          VmRef vm = new Placing(what, vcenter, request, fence(request.mandate())).run(listed);
          return placed(vcenter, vm, request, true);
        });
  }

  /** The next attempt is told the task that this one was told, until there is a newer one. */
  private static void stayAlive() {
    RunningActivity.heartbeat(RunningActivity.told(TaskNote.class).orElse(TaskNote.NONE));
  }

  private static Fence fence(Mandate mandate) {
    return mandate.atAttempt(RunningActivity.attempt()).fence();
  }

  private static Placed placed(VCenter vcenter, VmRef vm, PlaceVm request, boolean changed)
      throws RemoteException {
    Properties.Row row =
        Machine.read(vcenter, vm, "name", "config.extraConfig", "config.hardware.device").row();
    return new Placed(
        VmList.ref(vcenter.site(), row),
        pairs("place " + vm, row, request.production()),
        changed,
        RunningActivity.attempt());
  }

  private static List<DiskPair> pairs(String what, Properties.Row row, List<DiskShape> production) {
    DiskSlots slots = DiskSlots.of(row);
    return production.stream()
        .map(
            disk ->
                slots
                    .disk(row, disk.id())
                    .map(own -> new DiskPair(disk.id(), Disks.id(row, own), disk.capacityBytes()))
                    .orElseThrow(
                        () ->
                            new FaultException(
                                Fault.SHAPE_CHANGED,
                                "Could not %s: its disk for production's '%s' is gone. Look who removed it; unprotect the VM and protect it anew."
                                    .formatted(what, disk.id()))))
        .toList();
  }

  @Override
  public Done removeVm(ChangeVm request) {
    String what = "remove " + request.vm();
    return VsphereFaults.translated(
        what,
        () -> {
          stayAlive();
          VCenter vcenter = vcenters.of(request.vm());
          Optional<VmRef> there = claimed(what, vcenter, request);
          GivenUp.ofReplicas(vcenter).record(what, request.replicaId(), fence(request.mandate()));
          if (there.isEmpty() && isBeingMade(vcenter)) {
            there = claimed(what, vcenter, request);
          }
          if (there.isPresent()) {
            VmRef vm = there.get();
            Removal.destroy(
                what, vcenter, vm, () -> new LinkedCopies(vcenter).refuseIfShared(what, vm));
          }
          return new Done(there.isPresent(), RunningActivity.attempt());
        });
  }

  /** The VM that may be removed, if there is one, with our fence. */
  private static Optional<VmRef> claimed(String what, VCenter vcenter, ChangeVm request)
      throws RemoteException {
    return Removal.claimed(
        find(vcenter, request),
        found -> {
          refuseOthers(what, vcenter, found, request);
          Removal.requireOff(what, Fences.raise(what, vcenter, found, request.mandate()));
          new LinkedCopies(vcenter).refuseIfShared(what, found);
        });
  }

  /** Waits for VMs that are being made: one of them may be what is to be removed. */
  private static boolean isBeingMade(VCenter vcenter) throws RemoteException {
    ManagedObjectReference all = vcenter.read(live -> live.content().getTaskManager());
    return Tasks.settleAll(vcenter, all, TaskKind.CREATE);
  }

  private static void refuseOthers(String what, VCenter vcenter, VmRef vm, ChangeVm request)
      throws RemoteException {
    Properties.Row row = Machine.read(vcenter, vm, "config.extraConfig").row();
    if (!Replicas.idOf(row).equals(request.replicaId())) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not %s: it is not marked as the VM of replica '%s'. Leave it to its owner."
              .formatted(what, request.replicaId()));
    }
  }

  private static Optional<VmRef> find(VCenter vcenter, ChangeVm request) throws RemoteException {
    return VmList.read(vcenter).ofReplica(request.replicaId(), request.vm());
  }

  @Override
  public Done leaveVm(ChangeVm request) {
    String what = "leave " + request.vm();
    return VsphereFaults.translated(
        what,
        () -> {
          stayAlive();
          VCenter vcenter = vcenters.of(request.vm());
          Optional<VmRef> ours = VmList.read(vcenter).ofReplica(request.replicaId());
          boolean changed =
              ours.isPresent()
                  && Fences.change(
                          what,
                          vcenter,
                          ours.get(),
                          request.mandate(),
                          now ->
                              Replicas.idOf(now.row()).isEmpty()
                                  ? Optional.empty()
                                  : Optional.of(unmarked()))
                      .changed();
          return new Done(changed, RunningActivity.attempt());
        });
  }

  private static VirtualMachineConfigSpec unmarked() {
    VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
    spec.setExtraConfig(
        new OptionValue[] {Fences.setting(Replicas.KEY, ""), Fences.setting(DiskSlots.KEY, "")});
    return spec;
  }

  @Override
  public Reshaped reshapeVm(ReshapeVm request) {
    String what = "carry production's shape over to " + request.recovery();
    return VsphereFaults.translated(
        what,
        () -> {
          stayAlive();
          VCenter vcenter = vcenters.of(request.recovery());
          boolean changed = new Reshaping(what, vcenter, request).run();
          Properties.Row after =
              Machine.read(
                      vcenter,
                      request.recovery(),
                      "name",
                      "config.extraConfig",
                      "config.hardware.device")
                  .row();
          return new Reshaped(
              VmList.ref(vcenter.site(), after),
              pairs(what, after, request.production()),
              changed,
              RunningActivity.attempt());
        });
  }
}
