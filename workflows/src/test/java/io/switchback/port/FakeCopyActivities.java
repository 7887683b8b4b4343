package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Copies of a {@link FakeSite}'s VMs; those that are asked to be linked are. */
class FakeCopyActivities implements CopyActivities {
  final FakeSite site;

  FakeCopyActivities(FakeSite site) {
    this.site = site;
  }

  @Override
  public Copied copyVm(CopyVm request) {
    return act("copyVm", request.name(), () -> copy(request));
  }

  private Copied copy(CopyVm request) {
    Optional<FakeVm> known = known(request.copyId());
    fence(request.copyId(), request.mandate());
    if (known.isPresent()) {
      return copied(known.get(), false);
    }
    FakeVm of = site.vm(request.of());
    FakeVm.SnapshotOfAll snapshot = snapshot(of, request.snapshot());
    refuseTakenName(request);
    requireHost(request);
    request.nics().forEach(nic -> refuseOutside(nic.network()));
    FakeVm copy = site.make(new VmRef(site.name(), idOf(request.copyId()), request.name()));
    copy.hardware = of.hardware.with(request.nics());
    copy.placement = request.placement();
    mark(copy, request);
    snapshot
        .images()
        .forEach(
            (id, image) -> {
              FakeDisk disk =
                  new FakeDisk(copy.ref.id() + "-" + id, of.disks.get(id).capacityBytes());
              fill(disk, of.disks.get(id), image);
              copy.disks.put(disk.id(), disk);
            });
    return copied(copy, true);
  }

  void mark(FakeVm copy, CopyVm request) {
    copy.copyId = request.copyId();
    if (request.linked()) {
      copy.sharesWith = request.of().id();
      copy.sharesSnapshot = request.snapshot();
    }
  }

  void fill(FakeDisk disk, FakeDisk source, FakeDisk.Image image) {
    disk.write(image.allocated());
  }

  private static Copied copied(FakeVm copy, boolean changed) {
    return new Copied(copy.ref, !copy.sharesWith.isEmpty(), changed, Attempts.current());
  }

  Optional<FakeVm> known(String copyId) {
    return site.answered().stream().filter(vm -> vm.copyId.equals(copyId)).findFirst();
  }

  String idOf(String copyId) {
    return "copy-" + copyId;
  }

  void fence(String copyId, Mandate mandate) {
    site.fence(idOf(copyId), mandate);
  }

  FakeVm.SnapshotOfAll snapshot(FakeVm of, String name) {
    FakeVm.SnapshotOfAll snapshot = of.snapshots.get(name);
    if (snapshot == null) {
      throw new FaultException(
          Fault.RESTORE_POINT_NOT_FOUND,
          "Could not copy %s: it has no snapshot '%s'.".formatted(of.ref, name));
    }
    return snapshot;
  }

  void refuseTakenName(CopyVm request) {
    if (site.answered().stream().anyMatch(vm -> vm.ref.name().equals(request.name()))) {
      throw new FaultException(
          Fault.INVALID_INPUT,
          "Could not copy %s: another VM has that name.".formatted(request.of()));
    }
  }

  void requireHost(CopyVm request) {
    if (!request.placement().host().equals("host-1")) {
      throw new FaultException(
          Fault.INVALID_INPUT, "Could not copy %s: no such host.".formatted(request.of()));
    }
  }

  void refuseOutside(String network) {
    if (!"".equals(site.drillNetworks().get(network))) {
      throw new FaultException(
          Fault.REFUSED, "Could not copy: '%s' is not a drill's alone.".formatted(network));
    }
  }

  @Override
  public Done removeCopy(RemoveCopy request) {
    return act("removeCopy", request.copyId(), () -> remove(request));
  }

  private Done remove(RemoveCopy request) {
    Optional<FakeVm> found = known(request.copyId());
    fence(request.copyId(), request.mandate());
    found.ifPresent(
        copy -> {
          requireOff(copy);
          site.remove(copy);
        });
    return new Done(found.isPresent(), Attempts.current());
  }

  void requireOff(FakeVm copy) {
    if (copy.power != PowerState.OFF) {
      throw new FaultException(
          Fault.WRONG_POWER_STATE, "Could not remove %s: it runs.".formatted(copy.ref));
    }
  }

  @Override
  public Copies listCopies(ListCopies request) {
    return act("listCopies", FaultScript.ANY, () -> new Copies(all()));
  }

  List<Copy> all() {
    return site.answered().stream()
        .filter(vm -> !vm.copyId.isEmpty())
        .map(vm -> new Copy(vm.copyId, vm.ref))
        .sorted(Comparator.comparing(copy -> copy.vm().name()))
        .toList();
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
