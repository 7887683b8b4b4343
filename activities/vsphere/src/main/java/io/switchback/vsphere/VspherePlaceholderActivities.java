package io.switchback.vsphere;

import com.vmware.vim25.AlreadyExists;
import com.vmware.vim25.DuplicateName;
import com.vmware.vim25.OptionValue;
import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualMachineConfigSpec;
import com.vmware.vim25.VirtualMachineFileInfo;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.DiskShape;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.Seed;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.PlaceholderActivities;
import io.switchback.vsphere.soap.LostAnswerException;
import java.nio.charset.StandardCharsets;
import java.rmi.RemoteException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Replicas' VMs at a vCenter. The instance uuid of a VM that is made follows from the replica's id,
 * so that an attempt whose answer was lost finds what it has made; that it is a replica's is marked
 * in its own configuration.
 */
public final class VspherePlaceholderActivities implements PlaceholderActivities {
  /** Nothing is assumed of the guest. */
  private static final String UNKNOWN_GUEST = "otherGuest64";

  private static final String[] LISTED = {
    "name", "config.instanceUuid", "config.template", "config.extraConfig"
  };

  private static final String[] SEED = {"config.extraConfig", "config.hardware.device"};

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
          List<Properties.Row> listed = listed(vcenter);
          Optional<VmRef> known = managed(vcenter, listed, request.replicaId());
          if (known.isPresent()) {
            Fences.raise(what, vcenter, known.get(), request.mandate());
            return placed(vcenter, known.get(), request, false);
          }
          new GivenUp(vcenter).refuseLower(what, request.replicaId(), fence(request.mandate()));
          Seed seed = request.seed();
          VmRef vm =
              seed == null
                  ? make(what, vcenter, listed, request)
                  : take(what, vcenter, listed, request, seed);
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

  private static List<Properties.Row> listed(VCenter vcenter) throws RemoteException {
    return vcenter.read(live -> Properties.all(live, "VirtualMachine", LISTED)).stream()
        .filter(row -> row.get("config.instanceUuid", String.class) != null)
        .filter(row -> !row.get("config.template", Boolean.class, false))
        .toList();
  }

  private static Optional<VmRef> managed(
      VCenter vcenter, List<Properties.Row> listed, String replicaId) {
    return listed.stream()
        .filter(row -> Replicas.idOf(row).equals(replicaId))
        .findFirst()
        .map(row -> ref(vcenter, row));
  }

  private static VmRef ref(VCenter vcenter, Properties.Row row) {
    return new VmRef(
        vcenter.site(),
        row.get("config.instanceUuid", String.class, ""),
        SiteNames.decoded(row.get("name", String.class, row.object().getVal())));
  }

  private static boolean isCalled(Properties.Row row, String nameOrId) {
    return nameOrId.equals(SiteNames.decoded(row.get("name", String.class, "")))
        || nameOrId.equals(row.get("config.instanceUuid", String.class));
  }

  private static String idOf(String replicaId) {
    return UUID.nameUUIDFromBytes(
            ("switchback replica " + replicaId).getBytes(StandardCharsets.UTF_8))
        .toString();
  }

  private static VmRef make(
      String what, VCenter vcenter, List<Properties.Row> listed, PlaceVm request)
      throws RemoteException {
    if (listed.stream().anyMatch(row -> isCalled(row, request.name()))) {
      throw nameTaken(what, null);
    }
    Standing standing = Standing.of(what, vcenter, request.placement());
    VmRef vm = new VmRef(request.site(), idOf(request.replicaId()), request.name());
    VirtualMachineConfigSpec spec = spec(what, vcenter, request, vm, standing);
    try {
      Tasks.End end =
          Tasks.make(
              what,
              vcenter,
              standing.host(),
              TaskKind.CREATE,
              vm.id(),
              live ->
                  live.vim()
                      .createVM_Task(standing.folder(), spec, standing.pool(), standing.host()));
      if (end == Tasks.End.FORGOTTEN
          && managed(vcenter, listed(vcenter), request.replicaId()).isEmpty()) {
        throw Tasks.forgotten(what);
      }
      return vm;
    } catch (LostAnswerException lost) {
      return managed(vcenter, listed(vcenter), request.replicaId()).orElseThrow(() -> lost);
    } catch (DuplicateName | AlreadyExists taken) {
      // An earlier attempt may have made it while this one looked.
      return managed(vcenter, listed(vcenter), request.replicaId())
          .orElseThrow(() -> nameTaken(what, taken));
    }
  }

  private static FaultException nameTaken(String what, @Nullable Exception cause) {
    return new FaultException(
        Fault.INVALID_INPUT,
        "Could not %s: another VM has that name. Abort, and give another name; where it is protected, begin from that VM as a seed."
            .formatted(what),
        cause);
  }

  private static VirtualMachineConfigSpec spec(
      String what, VCenter vcenter, PlaceVm request, VmRef vm, Standing standing)
      throws RemoteException {
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
    VirtualMachineConfigSpec spec = hardware.spec();
    spec.setInstanceUuid(vm.id());
    if (spec.getGuestId() == null) {
      spec.setGuestId(UNKNOWN_GUEST);
    }
    spec.setChangeTrackingEnabled(true);
    VirtualMachineFileInfo files = new VirtualMachineFileInfo();
    files.setVmPathName("[" + standing.datastore() + "]");
    spec.setFiles(files);
    spec.setExtraConfig(
        new OptionValue[] {
          Fences.setting(Replicas.KEY, request.replicaId()),
          Fences.setting(Fences.KEY, fence(request.mandate()).toString()),
          Fences.setting(DiskSlots.KEY, slots.toString())
        });
    return spec;
  }

  private static VmRef take(
      String what, VCenter vcenter, List<Properties.Row> listed, PlaceVm request, Seed seed)
      throws RemoteException {
    List<Properties.Row> found = listed.stream().filter(row -> isCalled(row, seed.vm())).toList();
    if (found.size() != 1) {
      throw new FaultException(
          found.isEmpty() ? Fault.VM_NOT_FOUND : Fault.INVALID_INPUT,
          "Could not %s: the site has %s VM '%s' to begin from. Name another seed, by its instance uuid where names are not unique."
              .formatted(what, found.isEmpty() ? "no" : "more than one", seed.vm()));
    }
    VmRef vm = ref(vcenter, found.getFirst());
    Fences.change(
        what, vcenter, vm, request.mandate(), now -> mark(what, now, request, seed), SEED);
    return vm;
  }

  private static Optional<VirtualMachineConfigSpec> mark(
      String what, Machine now, PlaceVm request, Seed seed) {
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
    requireOff(what, now);
    DiskSlots slots = DiskSlots.none();
    List<VirtualDisk> disks = seedDisks(now.row(), request, seed);
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
    VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
    spec.setExtraConfig(
        new OptionValue[] {
          Fences.setting(Replicas.KEY, request.replicaId()),
          Fences.setting(DiskSlots.KEY, slots.toString())
        });
    return Optional.of(spec);
  }

  /** In production's order; shorter when one is not there. */
  private static List<VirtualDisk> seedDisks(Properties.Row row, PlaceVm request, Seed seed) {
    List<VirtualDisk> all = Disks.of(row);
    return seed.disks().isEmpty()
        ? all
        : request.production().stream()
            .map(production -> seed.disks().getOrDefault(production.id(), ""))
            .flatMap(id -> all.stream().filter(disk -> Disks.id(row, disk).equals(id)))
            .toList();
  }

  private static Placed placed(VCenter vcenter, VmRef vm, PlaceVm request, boolean changed)
      throws RemoteException {
    Properties.Row row =
        Machine.read(vcenter, vm, "name", "config.extraConfig", "config.hardware.device").row();
    return new Placed(
        ref(vcenter, row),
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
          Optional<VmRef> found = find(vcenter, request);
          if (found.isPresent()) {
            refuseOthers(what, vcenter, found.get(), request);
            Machine vm = Fences.raise(what, vcenter, found.get(), request.mandate());
            requireOff(what, vm);
          }
          new GivenUp(vcenter).record(what, request.replicaId(), fence(request.mandate()));
          if (found.isPresent()) {
            destroy(what, vcenter, found.get());
          }
          return new Done(found.isPresent(), RunningActivity.attempt());
        });
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

  private static void destroy(String what, VCenter vcenter, VmRef found) throws RemoteException {
    try {
      Machine vm = Machine.read(vcenter, found, "recentTask", "config.extraConfig");
      // A disk that an appliance has is locked, and its files would stay behind.
      Attachments.release(what, vm);
      Tasks.run(what, vm, TaskKind.DESTROY, live -> live.vim().destroy_Task(vm.reference()));
    } catch (LostAnswerException | FaultException unclear) {
      boolean isGone = listed(vcenter).stream().noneMatch(row -> isCalled(row, found.id()));
      if (!isGone) {
        throw unclear;
      }
    }
  }

  private static Optional<VmRef> find(VCenter vcenter, ChangeVm request) throws RemoteException {
    List<Properties.Row> listed = listed(vcenter);
    return listed.stream()
        .filter(row -> request.vm().id().equals(row.get("config.instanceUuid", String.class)))
        .findFirst()
        .map(row -> ref(vcenter, row))
        .or(() -> managed(vcenter, listed, request.replicaId()))
        .or(
            () ->
                listed.stream()
                    .filter(row -> isCalled(row, request.vm().id()))
                    .findFirst()
                    .map(row -> ref(vcenter, row)));
  }

  @Override
  public Done leaveVm(ChangeVm request) {
    String what = "leave " + request.vm();
    return VsphereFaults.translated(
        what,
        () -> {
          stayAlive();
          VCenter vcenter = vcenters.of(request.vm());
          Optional<VmRef> ours = managed(vcenter, listed(vcenter), request.replicaId());
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
              ref(vcenter, after),
              pairs(what, after, request.production()),
              changed,
              RunningActivity.attempt());
        });
  }

  static void requireOff(String what, Machine vm) {
    if (vm.power() != PowerState.OFF) {
      throw new FaultException(
          Fault.WRONG_POWER_STATE,
          "Could not %s: '%s' is %s. Power it off, then retry."
              .formatted(what, vm.vm().name(), vm.power() == PowerState.ON ? "on" : "suspended"));
    }
  }
}
