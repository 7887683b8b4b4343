package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualMachineConfigSpec;
import com.vmware.vim25.VirtualMachineRelocateSpec;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskFormat;
import io.switchback.model.DiskShape;
import io.switchback.model.Placement;
import io.switchback.port.PlaceholderActivities.ReshapeVm;
import java.rmi.RemoteException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One attempt to carry production's shape over to a replica's VM. */
final class Reshaping {
  private static final String[] SHAPE = {
    "name",
    "snapshot",
    "config.firmware",
    "config.guestId",
    "config.hardware.numCPU",
    "config.hardware.memoryMB",
    "config.hardware.device",
    "config.files.vmPathName"
  };

  private final String what;
  private final VCenter vcenter;
  private final ReshapeVm request;

  Reshaping(String what, VCenter vcenter, ReshapeVm request) {
    this.what = what;
    this.vcenter = vcenter;
    this.request = request;
  }

  /** Whether anything had to be changed. */
  boolean run() throws RemoteException {
    Machine vm = Fences.raise(what, vcenter, request.recovery(), request.mandate());
    // A disk that an appliance has is locked, and can neither grow nor go.
    Attachments.release(what, vm);
    SiteNames names = SiteNames.read(vcenter);
    HostNetworks networks = HostNetworks.read(vcenter, host(vm));
    boolean changed =
        Fences.change(
                what,
                vcenter,
                request.recovery(),
                request.mandate(),
                now -> change(now, names, networks),
                SHAPE)
            .changed();
    Placement to = request.placement();
    return (to != null && isMoved(to)) || changed;
  }

  private Optional<VirtualMachineConfigSpec> change(
      Machine now, SiteNames names, HostNetworks networks) {
    Removal.requireOff(what, now);
    Properties.Row row = now.row();
    boolean hasSnapshots = row.values().containsKey("snapshot");
    ReplicaHardware hardware =
        new ReplicaHardware(what, row)
            .name(request.name())
            .machine(request.hardware())
            .cards(request.hardware().nics(), names, networks);
    DiskSlots slots = DiskSlots.of(row);
    DiskSlots wanted = DiskSlots.none();
    Set<Integer> followed = new HashSet<>();
    for (DiskShape production : request.production()) {
      Optional<VirtualDisk> known = known(row, slots, production);
      if (known.isEmpty() || Disks.capacityBytes(known.get()) > production.capacityBytes()) {
        wanted.put(
            production.id(),
            hardware.addDisk(production.capacityBytes(), DiskFormat.THIN, Disks.datastore(row)));
        continue;
      }
      VirtualDisk disk = known.get();
      followed.add(disk.getKey());
      DiskSlots.slot(row, disk).ifPresent(slot -> wanted.put(production.id(), slot));
      if (Disks.capacityBytes(disk) < production.capacityBytes()) {
        refuseToGrow(hasSnapshots, production);
        hardware.growDisk(disk, production.capacityBytes());
      }
    }
    for (VirtualDisk disk : ours(row, slots)) {
      if (!followed.contains(disk.getKey())) {
        hardware.removeDisk(disk, hasSnapshots);
      }
    }
    if (!hardware.isChanged() && wanted.toString().equals(slots.toString())) {
      return Optional.empty();
    }
    return Optional.of(hardware.spec(Fences.setting(DiskSlots.KEY, wanted.toString())));
  }

  private Optional<VirtualDisk> known(Properties.Row row, DiskSlots slots, DiskShape production) {
    return slots
        .disk(row, production.id())
        .or(
            () ->
                request.known().stream()
                    .filter(pair -> pair.productionDisk().equals(production.id()))
                    .findFirst()
                    .flatMap(pair -> Disks.find(row, pair.recoveryDisk())));
  }

  /** The disks that follow production's, or did: of a seed's others we know nothing. */
  private List<VirtualDisk> ours(Properties.Row row, DiskSlots slots) {
    List<VirtualDisk> ours = new ArrayList<>();
    for (VirtualDisk disk : Disks.of(row)) {
      String id = Disks.id(row, disk);
      if (request.known().stream().anyMatch(pair -> pair.recoveryDisk().equals(id))
          || DiskSlots.slot(row, disk).filter(slots::has).isPresent()) {
        ours.add(disk);
      }
    }
    return ours;
  }

  private void refuseToGrow(boolean hasSnapshots, DiskShape production) {
    if (hasSnapshots) {
      throw new FaultException(
          Fault.SHAPE_CHANGED,
          "Could not %s: production's disk '%s' has grown to %d bytes, and vSphere grows no disk that has snapshots. Unprotect the VM, keep the replica, remove its snapshots, and protect the VM anew with the replica as its seed."
              .formatted(what, production.id(), production.capacityBytes()));
    }
  }

  /** Whether it was moved to the host or the folder that was asked for. */
  private boolean isMoved(Placement to) throws RemoteException {
    boolean moved = !to.host().isEmpty() && isMovedToHost(to);
    return (!to.folder().isEmpty() && isMovedToFolder(to.folder())) || moved;
  }

  @SuppressWarnings("NullAway") // vCenter's usual priority
  private boolean isMovedToHost(Placement to) throws RemoteException {
    Machine vm = Machine.read(vcenter, request.recovery(), "recentTask", "config.files.vmPathName");
    Placement onItsDatastore = new Placement(to.host(), Disks.datastore(vm.row()), "");
    if (Standing.isAt(what, vcenter, onItsDatastore, vm.host())) {
      return false;
    }
    Standing standing = Standing.of(what, vcenter, onItsDatastore);
    VirtualMachineRelocateSpec spec = new VirtualMachineRelocateSpec();
    spec.setHost(standing.host());
    spec.setPool(standing.pool());
    if (Tasks.run(
            what,
            vm,
            TaskKind.RELOCATE,
            live -> live.vim().relocateVM_Task(vm.reference(), spec, null))
        == StartedTask.End.FORGOTTEN) {
      throw Tasks.forgotten(what);
    }
    return true;
  }

  private boolean isMovedToFolder(String path) throws RemoteException {
    Machine vm = Machine.read(vcenter, request.recovery(), "recentTask", "parent");
    if (path.equals(
        SiteNames.read(vcenter).path(vm.row().get("parent", ManagedObjectReference.class)))) {
      return false;
    }
    ManagedObjectReference folder = Standing.folderOf(vcenter, host(vm), path);
    if (Tasks.run(
            what,
            vm,
            TaskKind.MOVE,
            live ->
                live.vim()
                    .moveIntoFolder_Task(folder, new ManagedObjectReference[] {vm.reference()}))
        == StartedTask.End.FORGOTTEN) {
      throw Tasks.forgotten(what);
    }
    return true;
  }

  private ManagedObjectReference host(Machine vm) {
    ManagedObjectReference host = vm.row().get("runtime.host", ManagedObjectReference.class);
    if (host == null) {
      throw new FaultException(
          Fault.SITE_UNREACHABLE,
          "Could not %s: vCenter does not tell on which host the VM stands. Look at it in the vSphere Client."
              .formatted(what));
    }
    return host;
  }
}
