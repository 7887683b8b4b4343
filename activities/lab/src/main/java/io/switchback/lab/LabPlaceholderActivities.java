package io.switchback.lab;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskFormat;
import io.switchback.model.DiskPair;
import io.switchback.model.DiskShape;
import io.switchback.model.Hardware;
import io.switchback.model.Placement;
import io.switchback.model.Seed;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.PlaceholderActivities;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Replicas' VMs at a lab site. The id of a VM that is made follows from the replica's, so that its
 * fence can be raised before there is one.
 */
public final class LabPlaceholderActivities implements PlaceholderActivities {
  /** How a replica's VM names who looks after it. */
  static final String MANAGED = "switchback/";

  private final LabSites sites;

  public LabPlaceholderActivities(LabSites sites) {
    this.sites = sites;
  }

  @Override
  public Placed placeVm(PlaceVm request) {
    String what =
        "place VM '%s' for replica '%s' at site '%s'"
            .formatted(request.name(), request.replicaId(), request.site());
    return act(what, () -> place(what, request));
  }

  private Placed place(String what, PlaceVm request) {
    LabClient site = sites.client(request.site());
    Stamp stamp = LabSites.stamp(request.mandate());
    Optional<VmView> known = managed(site, request.replicaId());
    if (known.isPresent()) {
      site.fence(known.get().id(), stamp);
      return placed(known.get(), request, false);
    }
    Seed seed = request.seed();
    VmView vm = seed == null ? make(what, site, request, stamp) : take(what, site, request, seed);
    return placed(vm, request, true);
  }

  private static VmView make(String what, LabClient site, PlaceVm request, Stamp stamp) {
    String id = idOf(request.replicaId());
    site.fenceId(id, stamp);
    Hardware hardware = request.hardware();
    try {
      return site.createVm(
          new VmDefinition(
              id,
              request.name(),
              cards(hardware),
              request.production().stream()
                  .map(
                      disk ->
                          new DiskDefinition(
                              diskOf(id, disk),
                              disk.capacityBytes(),
                              0,
                              request.format() == DiskFormat.THICK))
                  .toList(),
              GuestDefinition.usual(),
              false,
              request.placement().folder(),
              List.of(),
              hardware.cpus(),
              hardware.memoryBytes(),
              hardware.firmware(),
              request.placement().host(),
              request.placement().datastore(),
              MANAGED + request.replicaId()),
          stamp);
    } catch (LabException e) {
      if (e.is(LabFault.ALREADY_EXISTS)) {
        // An earlier attempt may have made it while this one looked.
        return managed(site, request.replicaId())
            .orElseThrow(
                () ->
                    new FaultException(
                        Fault.INVALID_INPUT,
                        "Could not %s: another VM has that name. Abort, and give another name; where it is protected, begin from that VM as a seed."
                            .formatted(what),
                        e));
      }
      throw e;
    }
  }

  private static VmView take(String what, LabClient site, PlaceVm request, Seed seed) {
    VmView vm = site.look(seed.vm());
    Stamp stamp = LabSites.stamp(request.mandate());
    site.fence(vm.id(), stamp);
    if (!vm.managedBy().isEmpty()) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not %s: the seed '%s' is looked after by '%s'. Name another one."
              .formatted(what, vm.name(), vm.managedBy()));
    }
    requireOff(what, vm);
    refuseOtherCapacities(what, vm, request, seed);
    return site.reconfigureVm(
        vm.id(), VmChange.none().managedBy(MANAGED + request.replicaId()).autostart(false), stamp);
  }

  private static void refuseOtherCapacities(String what, VmView vm, PlaceVm request, Seed seed) {
    List<String> disks = seedDisks(vm, request, seed);
    for (int i = 0; i < request.production().size(); i++) {
      DiskShape production = request.production().get(i);
      String disk = i < disks.size() ? disks.get(i) : "";
      boolean fits =
          vm.disks().stream()
              .anyMatch(
                  one ->
                      one.id().equals(disk) && one.capacityBytes() == production.capacityBytes());
      if (!fits) {
        throw new FaultException(
            Fault.SHAPE_CHANGED,
            "Could not %s: the seed '%s' has no disk of %d bytes for production's '%s', only %s. Name its disks, or grow one."
                .formatted(
                    what, vm.name(), production.capacityBytes(), production.id(), vm.disks()));
      }
    }
  }

  private static List<String> seedDisks(VmView vm, PlaceVm request, Seed seed) {
    return seed.disks().isEmpty()
        ? vm.disks().stream().map(DiskDefinition::id).toList()
        : request.production().stream()
            .map(disk -> seed.disks().getOrDefault(disk.id(), ""))
            .toList();
  }

  private static Placed placed(VmView vm, PlaceVm request, boolean changed) {
    Seed seed = request.seed();
    List<DiskPair> pairs = new ArrayList<>();
    for (int i = 0; i < request.production().size(); i++) {
      DiskShape production = request.production().get(i);
      String disk =
          seed == null ? diskOf(vm.id(), production) : seedDisks(vm, request, seed).get(i);
      pairs.add(new DiskPair(production.id(), disk, production.capacityBytes()));
    }
    return new Placed(
        new VmRef(request.site(), vm.id(), vm.name()), pairs, changed, RunningActivity.attempt());
  }

  @Override
  public Done removeVm(ChangeVm request) {
    String what = "remove " + request.vm();
    return act(
        what,
        () -> {
          LabClient site = sites.client(request.vm());
          Optional<VmView> vm = find(site, request);
          if (vm.isEmpty()) {
            return new Done(false, RunningActivity.attempt());
          }
          if (!isOf(vm.get(), request)) {
            throw new FaultException(
                Fault.REFUSED,
                "Could not %s: it is not marked as the VM of replica '%s'. Leave it to its owner."
                    .formatted(what, request.replicaId()));
          }
          requireOff(what, vm.get());
          site.deleteVm(vm.get().id(), LabSites.stamp(request.mandate()));
          return new Done(true, RunningActivity.attempt());
        });
  }

  @Override
  public Done leaveVm(ChangeVm request) {
    return act(
        "leave " + request.vm(),
        () -> {
          LabClient site = sites.client(request.vm());
          Optional<VmView> vm = find(site, request).filter(found -> isOf(found, request));
          vm.ifPresent(
              found ->
                  site.reconfigureVm(
                      found.id(),
                      VmChange.none().managedBy(""),
                      LabSites.stamp(request.mandate())));
          return new Done(vm.isPresent(), RunningActivity.attempt());
        });
  }

  /** The VM by its id or name, with every fence raised that a late attempt could come under. */
  private static Optional<VmView> find(LabClient site, ChangeVm request) {
    Stamp stamp = LabSites.stamp(request.mandate());
    site.fenceId(idOf(request.replicaId()), stamp);
    String asked = request.vm().id();
    Optional<VmView> found =
        site.site().vms().stream()
            .filter(vm -> vm.id().equals(asked) || vm.name().equals(asked))
            .findFirst();
    found.ifPresent(vm -> site.fence(vm.id(), stamp));
    return found;
  }

  @Override
  public Reshaped reshapeVm(ReshapeVm request) {
    String what = "carry production's shape over to " + request.recovery();
    return act(what, () -> reshape(what, request));
  }

  private Reshaped reshape(String what, ReshapeVm request) {
    LabClient site = sites.client(request.recovery());
    Stamp stamp = LabSites.stamp(request.mandate());
    String id = request.recovery().id();
    site.fence(id, stamp);
    VmView before = site.look(id);
    requireOff(what, before);
    List<DiskPair> pairs = new ArrayList<>();
    for (DiskShape production : request.production()) {
      pairs.add(follow(site, id, production, request, stamp));
    }
    Set<String> followed = new LinkedHashSet<>(pairs.stream().map(DiskPair::recoveryDisk).toList());
    for (DiskPair known : request.known()) {
      boolean isThere = has(site.look(id), known.recoveryDisk()).isPresent();
      if (isThere && !followed.contains(known.recoveryDisk())) {
        site.removeDisk(id, known.recoveryDisk(), stamp);
      }
    }
    change(before, request).ifPresent(change -> site.reconfigureVm(id, change, stamp));
    VmView after = site.look(id);
    return new Reshaped(
        new VmRef(request.recovery().site(), id, after.name()),
        pairs,
        !shape(before).equals(shape(after)),
        RunningActivity.attempt());
  }

  private static DiskPair follow(
      LabClient site, String vm, DiskShape production, ReshapeVm request, Stamp stamp) {
    Optional<DiskDefinition> known =
        request.known().stream()
            .filter(pair -> pair.productionDisk().equals(production.id()))
            .findFirst()
            .flatMap(pair -> has(site.look(vm), pair.recoveryDisk()));
    boolean shrunk = known.isPresent() && known.get().capacityBytes() > production.capacityBytes();
    String disk =
        known.isPresent() && !shrunk
            ? known.get().id()
            : diskOf(vm, production) + (shrunk ? "_" + production.capacityBytes() : "");
    Optional<DiskDefinition> there = has(site.look(vm), disk);
    if (there.isEmpty()) {
      site.addDisk(vm, DiskDefinition.empty(disk, production.capacityBytes()), stamp);
    } else if (there.get().capacityBytes() < production.capacityBytes()) {
      site.growDisk(vm, disk, production.capacityBytes(), stamp);
    }
    return new DiskPair(production.id(), disk, production.capacityBytes());
  }

  private static Optional<DiskDefinition> has(VmView vm, String disk) {
    return vm.disks().stream().filter(one -> one.id().equals(disk)).findFirst();
  }

  private static Optional<VmChange> change(VmView vm, ReshapeVm request) {
    Hardware hardware = request.hardware();
    VmChange change = VmChange.none();
    change = vm.name().equals(request.name()) ? change : change.name(request.name());
    change = vm.cpus() == hardware.cpus() ? change : change.cpus(hardware.cpus());
    change =
        vm.memoryBytes() == hardware.memoryBytes()
            ? change
            : change.memoryBytes(hardware.memoryBytes());
    change = vm.firmware() == hardware.firmware() ? change : change.firmware(hardware.firmware());
    change = vm.networks().equals(cards(hardware)) ? change : change.networks(cards(hardware));
    Placement to = request.placement() == null ? Placement.ANYWHERE : request.placement();
    change = isElsewhere(to.host(), vm.host()) ? change.host(to.host()) : change;
    change = isElsewhere(to.folder(), vm.folder()) ? change.folder(to.folder()) : change;
    return change.equals(VmChange.none()) ? Optional.empty() : Optional.of(change);
  }

  private static boolean isElsewhere(String asked, String now) {
    return !asked.isEmpty() && !asked.equals(now);
  }

  private static Object shape(VmView vm) {
    return List.of(
        vm.name(),
        vm.cpus(),
        vm.memoryBytes(),
        vm.firmware(),
        vm.networks(),
        vm.disks(),
        vm.host(),
        vm.folder());
  }

  private static List<NetworkCard> cards(Hardware hardware) {
    return NetworkCard.of(hardware.nics());
  }

  private static Optional<VmView> managed(LabClient site, String replicaId) {
    return site.site().vms().stream()
        .filter(vm -> vm.managedBy().equals(MANAGED + replicaId))
        .findFirst();
  }

  /** Id of the replica whose VM it is; empty when it is nobody's. */
  static String replicaId(VmView vm) {
    return vm.managedBy().startsWith(MANAGED) ? vm.managedBy().substring(MANAGED.length()) : "";
  }

  private static boolean isOf(VmView vm, ChangeVm request) {
    return vm.managedBy().equals(MANAGED + request.replicaId());
  }

  private static void requireOff(String what, VmView vm) {
    if (vm.power() == PowerState.ON) {
      throw new FaultException(
          Fault.WRONG_POWER_STATE,
          "Could not %s: '%s' runs. Power it off, then retry.".formatted(what, vm.name()));
    }
  }

  private static String idOf(String replicaId) {
    return replicaId + "_replica";
  }

  private static String diskOf(String vm, DiskShape production) {
    return vm + "_" + production.id();
  }

  private static <T> T act(String what, Supplier<T> act) {
    return LabFaults.translated(what, () -> RunningActivity.alive(what, act));
  }
}
