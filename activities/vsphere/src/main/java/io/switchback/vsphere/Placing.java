package io.switchback.vsphere;

import com.vmware.vim25.OptionValue;
import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualMachineConfigSpec;
import com.vmware.vim25.VirtualMachineFileInfo;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskShape;
import io.switchback.model.Fence;
import io.switchback.model.Seed;
import io.switchback.model.VmRef;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import java.nio.charset.StandardCharsets;
import java.rmi.RemoteException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One attempt to give a replica its VM: a new one, or a seed that is taken as it is. */
final class Placing {
  /** Nothing is assumed of the guest. */
  private static final String UNKNOWN_GUEST = "otherGuest64";

  private static final String[] SEED = {"config.extraConfig", "config.hardware.device"};

  private final String what;
  private final VCenter vcenter;
  private final PlaceVm request;
  private final Fence mine;

  /**
   * @param mine the fence that this attempt carries
   */
  Placing(String what, VCenter vcenter, PlaceVm request, Fence mine) {
    this.what = what;
    this.vcenter = vcenter;
    this.request = request;
    this.mine = mine;
  }

  /**
   * @param listed read just before; none of them is the replica's
   */
  VmRef run(VmList listed) throws RemoteException {
    refuseLate();
    Seed seed = request.seed();
    return seed == null ? make(listed) : take(listed, seed);
  }

  private VmRef make(VmList listed) throws RemoteException {
    if (!listed.called(request.name()).isEmpty()) {
      throw nameTaken(null);
    }
    Standing standing = Standing.of(what, vcenter, request.placement());
    VmRef vm = new VmRef(request.site(), idOf(request.replicaId()), request.name());
    VirtualMachineConfigSpec spec = spec(vm, standing);
    NewVm made =
        new NewVm(
            what,
            vcenter,
            () -> VmList.read(vcenter).ofReplica(request.replicaId()),
            this::refuseLate);
    return made.keep(
        made.make(
            standing.host(),
            standing.folder(),
            TaskKind.CREATE,
            vm.id(),
            live ->
                live.vim().createVM_Task(standing.folder(), spec, standing.pool(), standing.host()),
            this::nameTaken),
        mine);
  }

  private void refuseLate() throws RemoteException {
    GivenUp.ofReplicas(vcenter).refuseLower(what, request.replicaId(), mine);
  }

  private FaultException nameTaken(@Nullable Exception cause) {
    return new FaultException(
        Fault.INVALID_INPUT,
        "Could not %s: another VM has that name. Abort, and give another name; where it is protected, begin from that VM as a seed."
            .formatted(what),
        cause);
  }

  private VirtualMachineConfigSpec spec(VmRef vm, Standing standing) throws RemoteException {
    ReplicaHardware hardware =
        new ReplicaHardware(what, new Properties.Row(standing.folder(), Map.of()))
            .name(request.name())
            .machine(request.hardware())
            .cards(
                request.hardware().nics(),
                SiteNames.read(vcenter),
                HostNetworks.read(vcenter, standing.host()));
    DiskSlots slots = DiskSlots.none();
    for (DiskShape disk : request.production()) {
      slots.put(
          disk.id(),
          hardware.addDisk(disk.capacityBytes(), request.format(), standing.datastore()));
    }
    VirtualMachineConfigSpec spec =
        hardware.spec(
            Fences.setting(Replicas.KEY, request.replicaId()),
            Fences.setting(Fences.KEY, mine.toString()),
            Fences.setting(DiskSlots.KEY, slots.toString()));
    spec.setInstanceUuid(vm.id());
    if (spec.getGuestId() == null) {
      spec.setGuestId(UNKNOWN_GUEST);
    }
    spec.setChangeTrackingEnabled(true);
    VirtualMachineFileInfo files = new VirtualMachineFileInfo();
    files.setVmPathName("[" + standing.datastore() + "]");
    spec.setFiles(files);
    return spec;
  }

  private VmRef take(VmList listed, Seed seed) throws RemoteException {
    List<VmRef> found =
        seed.namesAFile()
            ? List.of(
                new Registration(what, vcenter, seed.vm(), this::refuseLate)
                    .run(request.placement()))
            : listed.called(seed.vm());
    if (found.size() != 1) {
      throw new FaultException(
          found.isEmpty() ? Fault.VM_NOT_FOUND : Fault.INVALID_INPUT,
          "Could not %s: the site has %s VM '%s' to begin from. Name another seed, by its instance uuid where names are not unique."
              .formatted(what, found.isEmpty() ? "no" : "more than one", seed.vm()));
    }
    VmRef vm = found.getFirst();
    Fences.change(what, vcenter, vm, request.mandate(), now -> mark(now, seed), SEED);
    return vm;
  }

  private Optional<VirtualMachineConfigSpec> mark(Machine now, Seed seed) {
    String owner = Replicas.idOf(now.row());
    if (owner.equals(request.replicaId())) {
      return Optional.empty();
    }
    if (!owner.isEmpty()) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not %s: the seed '%s' is the VM of replica '%s'. Name another one."
              .formatted(what, seed.vm(), owner));
    }
    Removal.requireOff(what, now);
    DiskSlots slots = DiskSlots.none();
    List<VirtualDisk> disks = seedDisks(now.row(), seed);
    for (int i = 0; i < request.production().size(); i++) {
      DiskShape production = request.production().get(i);
      Optional<DiskSlots.Slot> slot =
          i < disks.size() && Disks.capacityBytes(disks.get(i)) == production.capacityBytes()
              ? DiskSlots.slot(now.row(), disks.get(i))
              : Optional.empty();
      if (slot.isEmpty()) {
        throw new FaultException(
            Fault.SHAPE_CHANGED,
            "Could not %s: the seed '%s' has no SCSI disk of %d bytes for production's '%s', only %s. Name its disks, or grow one."
                .formatted(
                    what,
                    seed.vm(),
                    production.capacityBytes(),
                    production.id(),
                    Disks.capacities(now.row())));
      }
      slots.put(production.id(), slot.get());
    }
    List<OptionValue> settings = new ArrayList<>();
    settings.add(Fences.setting(Replicas.KEY, request.replicaId()));
    settings.add(Fences.setting(DiskSlots.KEY, slots.toString()));
    if (seed.namesAFile()) {
      // Files that came here would make its first power-on ask whether they were copied.
      settings.add(Fences.setting(Registration.ON_MOVE, "keep"));
    }
    VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
    spec.setExtraConfig(settings.toArray(OptionValue[]::new));
    return Optional.of(spec);
  }

  /** In production's order; shorter when one is not there. */
  private List<VirtualDisk> seedDisks(Properties.Row row, Seed seed) {
    List<VirtualDisk> all = Disks.of(row);
    return seed.disks().isEmpty()
        ? all
        : request.production().stream()
            .map(production -> seed.disks().getOrDefault(production.id(), ""))
            .flatMap(id -> all.stream().filter(disk -> Disks.id(row, disk).equals(id)))
            .toList();
  }

  private static String idOf(String replicaId) {
    return UUID.nameUUIDFromBytes(
            ("switchback replica " + replicaId).getBytes(StandardCharsets.UTF_8))
        .toString();
  }
}
