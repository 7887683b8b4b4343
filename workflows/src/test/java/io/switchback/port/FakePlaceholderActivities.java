package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.DiskShape;
import io.switchback.model.Mandate;
import io.switchback.model.Placement;
import io.switchback.model.PowerState;
import io.switchback.model.Seed;
import io.switchback.model.VmRef;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Replicas' VMs of a {@link FakeSite}. */
class FakePlaceholderActivities implements PlaceholderActivities {
  final FakeSite site;

  FakePlaceholderActivities(FakeSite site) {
    this.site = site;
  }

  @Override
  public Placed placeVm(PlaceVm request) {
    return act("placeVm", request.name(), () -> place(request));
  }

  private Placed place(PlaceVm request) {
    Optional<FakeVm> known = known(request);
    if (known.isPresent()) {
      fence(known.get().ref.id(), request.mandate());
      return new Placed(known.get().ref, paired(known.get(), request), false, Attempts.current());
    }
    Seed seed = request.seed();
    FakeVm vm = seed == null ? make(request) : takeSeed(request, seed);
    vm.managedBy = request.replicaId();
    site.note(Effect.by(request.mandate(), "placeVm", vm.ref.id()));
    return new Placed(vm.ref, paired(vm, request), true, Attempts.current());
  }

  Optional<FakeVm> known(PlaceVm request) {
    return site.answered().stream()
        .filter(vm -> vm.managedBy.equals(request.replicaId()))
        .findFirst();
  }

  /** Refuses whoever comes too late. */
  void fence(String id, Mandate mandate) {
    site.fence(id, mandate);
  }

  private static String idOf(String replicaId) {
    return replicaId + "-vm";
  }

  FakeVm make(PlaceVm request) {
    String id = idOf(request.replicaId());
    fence(id, request.mandate());
    refuseTakenName(request);
    FakeVm vm = site.make(new VmRef(site.name(), id, request.name()));
    vm.hardware = request.hardware();
    vm.placement = request.placement();
    vm.format = request.format();
    for (DiskShape disk : request.production()) {
      addDisk(vm, disk);
    }
    return vm;
  }

  void refuseTakenName(PlaceVm request) {
    if (site.answered().stream().anyMatch(vm -> vm.ref.name().equals(request.name()))) {
      throw new FaultException(
          Fault.INVALID_INPUT,
          "Could not place the replica of '%s': another VM has the name '%s'. Rename that VM, or begin from it as a seed."
              .formatted(request.replicaId(), request.name()));
    }
  }

  FakeVm takeSeed(PlaceVm request, Seed seed) {
    FakeVm vm =
        site.answered().stream()
            .filter(each -> List.of(each.ref.id(), each.ref.name()).contains(seed.vm()))
            .findFirst()
            .orElseThrow(
                () -> new FaultException(Fault.VM_NOT_FOUND, "No VM '" + seed.vm() + "' here."));
    fence(vm.ref.id(), request.mandate());
    refuseManaged(vm);
    requireOff(vm);
    refuseOtherCapacities(vm, request, seed);
    return vm;
  }

  void refuseManaged(FakeVm vm) {
    if (!vm.managedBy.isEmpty()) {
      throw new FaultException(
          Fault.REFUSED, "Could not begin from " + vm.ref + ": it is the VM of another replica.");
    }
  }

  void refuseOtherCapacities(FakeVm vm, PlaceVm request, Seed seed) {
    List<String> disks = seedDisks(vm, request, seed);
    for (int i = 0; i < request.production().size(); i++) {
      FakeDisk disk = i < disks.size() ? vm.disks.get(disks.get(i)) : null;
      if (disk == null || disk.capacityBytes() != request.production().get(i).capacityBytes()) {
        throw new FaultException(
            Fault.SHAPE_CHANGED,
            "Could not begin from %s: it has no disk as large as production's '%s'."
                .formatted(vm.ref, request.production().get(i).id()));
      }
    }
  }

  private static List<String> seedDisks(FakeVm vm, PlaceVm request, Seed seed) {
    return seed.disks().isEmpty()
        ? List.copyOf(vm.disks.keySet())
        : request.production().stream()
            .map(disk -> seed.disks().getOrDefault(disk.id(), ""))
            .toList();
  }

  private static List<DiskPair> paired(FakeVm vm, PlaceVm request) {
    Seed seed = request.seed();
    List<String> disks =
        seed == null ? List.copyOf(vm.disks.keySet()) : seedDisks(vm, request, seed);
    List<DiskPair> pairs = new ArrayList<>();
    for (int i = 0; i < request.production().size(); i++) {
      DiskShape production = request.production().get(i);
      pairs.add(new DiskPair(production.id(), disks.get(i), production.capacityBytes()));
    }
    return pairs;
  }

  @Override
  public Done removeVm(ChangeVm request) {
    return act("removeVm", request.vm().id(), () -> remove(request));
  }

  private Done remove(ChangeVm request) {
    Optional<FakeVm> found = find(request);
    if (found.isEmpty()) {
      return new Done(false, Attempts.current());
    }
    requireManaged(found.get(), request);
    requireOff(found.get());
    site.refuseIfShared(found.get(), "");
    site.remove(found.get());
    site.note(Effect.by(request.mandate(), "removeVm", request.vm().id()));
    return new Done(true, Attempts.current());
  }

  @Override
  public Done leaveVm(ChangeVm request) {
    return act("leaveVm", request.vm().id(), () -> leave(request));
  }

  Done leave(ChangeVm request) {
    Optional<FakeVm> found = find(request);
    if (found.isEmpty() || !found.get().managedBy.equals(request.replicaId())) {
      return new Done(false, Attempts.current());
    }
    found.get().managedBy = "";
    site.note(Effect.by(request.mandate(), "leaveVm", request.vm().id()));
    return new Done(true, Attempts.current());
  }

  @Override
  public Reshaped reshapeVm(ReshapeVm request) {
    return act("reshapeVm", request.recovery().id(), () -> reshape(request));
  }

  private Reshaped reshape(ReshapeVm request) {
    FakeVm vm = site.vm(request.recovery());
    fence(vm.ref.id(), request.mandate());
    requireOff(vm);
    String before = shape(vm);
    List<DiskPair> pairs = new ArrayList<>();
    for (DiskShape production : request.production()) {
      pairs.add(follow(vm, production, request));
    }
    takeAway(vm, request, pairs);
    vm.ref = new VmRef(site.name(), vm.ref.id(), request.name());
    vm.hardware = request.hardware();
    vm.placement = moved(vm.placement, request.placement());
    boolean changed = !shape(vm).equals(before);
    if (changed) {
      site.note(Effect.by(request.mandate(), "reshapeVm", vm.ref.id()));
    }
    return new Reshaped(vm.ref, pairs, changed, Attempts.current());
  }

  Placement moved(Placement now, @Nullable Placement asked) {
    return asked == null ? now : new Placement(asked.host(), "", asked.folder()).orElse(now);
  }

  void takeAway(FakeVm vm, ReshapeVm request, List<DiskPair> kept) {
    Set<String> followed = new LinkedHashSet<>(kept.stream().map(DiskPair::recoveryDisk).toList());
    request.known().stream()
        .map(DiskPair::recoveryDisk)
        .filter(disk -> !followed.contains(disk))
        .forEach(vm.disks::remove);
  }

  private static String shape(FakeVm vm) {
    return vm.profile().toString();
  }

  DiskPair follow(FakeVm vm, DiskShape production, ReshapeVm request) {
    Optional<DiskPair> known =
        request.known().stream()
            .filter(pair -> pair.productionDisk().equals(production.id()))
            .findFirst();
    FakeDisk disk = known.map(pair -> vm.disks.get(pair.recoveryDisk())).orElse(null);
    if (disk == null || disk.capacityBytes() > production.capacityBytes()) {
      disk = addDisk(vm, production);
    } else if (disk.capacityBytes() < production.capacityBytes()) {
      disk = grown(disk, production.capacityBytes());
      vm.disks.put(disk.id(), disk);
    }
    return new DiskPair(production.id(), disk.id(), production.capacityBytes());
  }

  FakeDisk grown(FakeDisk disk, long capacityBytes) {
    return disk.grown(capacityBytes);
  }

  /** The id follows from production's and the capacity, so that a repetition finds it. */
  FakeDisk addDisk(FakeVm vm, DiskShape production) {
    String id = vm.ref.id() + "-" + production.id() + "-" + production.capacityBytes();
    return vm.disks.computeIfAbsent(id, name -> new FakeDisk(name, production.capacityBytes()));
  }

  boolean isCalled(FakeVm vm, String asked) {
    return vm.ref.id().equals(asked) || vm.ref.name().equals(asked);
  }

  private Optional<FakeVm> find(ChangeVm request) {
    String asked = request.vm().id();
    Optional<FakeVm> found = site.answered().stream().filter(vm -> isCalled(vm, asked)).findFirst();
    fence(idOf(request.replicaId()), request.mandate());
    found.ifPresent(vm -> fence(vm.ref.id(), request.mandate()));
    return found;
  }

  void requireManaged(FakeVm vm, ChangeVm request) {
    if (!vm.managedBy.equals(request.replicaId())) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not remove %s: it is not marked as the VM of replica '%s'."
              .formatted(vm.ref, request.replicaId()));
    }
  }

  void requireOff(FakeVm vm) {
    if (vm.power != PowerState.OFF) {
      throw new FaultException(
          Fault.WRONG_POWER_STATE,
          "Could not change %s: it runs. Power it off, then retry.".formatted(vm.ref));
    }
  }

  private <T> T act(String step, String target, Supplier<T> act) {
    return site.script()
        .run(
            step,
            target,
            () -> {
              synchronized (site) {
                return act.get();
              }
            });
  }
}
