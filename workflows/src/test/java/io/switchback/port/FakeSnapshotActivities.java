package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Consistency;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Snapshots of a {@link FakeSite}'s VMs. */
class FakeSnapshotActivities implements SnapshotActivities {
  final FakeSite site;

  FakeSnapshotActivities(FakeSite site) {
    this.site = site;
  }

  /** The VM, for somebody who would change it under {@code mandate}. */
  FakeVm admit(VmRef vm, Mandate mandate) {
    return site.vm(vm, mandate);
  }

  @Override
  public Snapshot createSnapshot(CreateSnapshot request) {
    return site.script()
        .run(
            "createSnapshot",
            request.vm().id(),
            () -> {
              synchronized (site) {
                FakeVm vm = admit(request.vm(), request.mandate());
                FakeVm.SnapshotOfAll made = vm.snapshots.get(request.name());
                return answered(made == null ? create(vm, request) : made);
              }
            });
  }

  FakeVm.SnapshotOfAll create(FakeVm vm, CreateSnapshot request) {
    Map<String, FakeDisk.Image> images = new LinkedHashMap<>();
    Map<String, String> changeIds = new LinkedHashMap<>();
    vm.disks.forEach(
        (id, disk) -> {
          images.put(id, disk.image());
          changeIds.put(id, disk.image().changeId());
        });
    boolean quiesced = request.quiesced() && vm.isReady();
    FakeVm.SnapshotOfAll snapshot =
        new FakeVm.SnapshotOfAll(
            new Snapshot(
                request.name(),
                site.now(),
                quiesced ? Consistency.APPLICATION : Consistency.CRASH,
                changeIds,
                Attempts.current()),
            images,
            vm.current,
            vm.unsavedBytes);
    vm.snapshots.put(request.name(), snapshot);
    vm.current = request.name();
    vm.unsavedBytes = 0;
    site.note(Effect.by(request.mandate(), "createSnapshot", vm.ref.id()));
    return snapshot;
  }

  static Snapshot answered(FakeVm.SnapshotOfAll snapshot) {
    Snapshot made = snapshot.answer();
    return new Snapshot(
        made.name(), made.takenAt(), made.consistency(), made.changeIds(), Attempts.current());
  }

  @Override
  public Snapshots listSnapshots(ListSnapshots request) {
    return site.script()
        .run(
            "listSnapshots",
            request.vm().id(),
            () -> {
              synchronized (site) {
                FakeVm vm = site.vm(request.vm());
                return new Snapshots(
                    List.copyOf(vm.snapshots.keySet()), vm.current, vm.unsavedBytes);
              }
            });
  }

  @Override
  public Reverted revertToSnapshot(ChangeSnapshot request) {
    return site.script()
        .run(
            "revertToSnapshot",
            request.vm().id(),
            () -> {
              synchronized (site) {
                FakeVm vm = admit(request.vm(), request.mandate());
                FakeVm.SnapshotOfAll snapshot = vm.snapshots.get(request.name());
                if (snapshot == null) {
                  throw new FaultException(
                      Fault.RESTORE_POINT_NOT_FOUND,
                      "Could not revert %s: it has no snapshot '%s'. Choose another restore point."
                          .formatted(request.vm(), request.name()));
                }
                if (vm.power != PowerState.OFF) {
                  throw new FaultException(
                      Fault.WRONG_POWER_STATE,
                      "Could not revert %s: it is not off. Power it off, then retry the step."
                          .formatted(request.vm()));
                }
                if (vm.current.equals(request.name()) && vm.unsavedBytes == 0) {
                  return new Reverted(false, 0, Attempts.current());
                }
                return revert(vm, snapshot, request);
              }
            });
  }

  Reverted revert(FakeVm vm, FakeVm.SnapshotOfAll snapshot, ChangeSnapshot request) {
    snapshot.images().forEach((id, image) -> vm.disks.get(id).revertTo(image));
    long discarded = vm.unsavedBytes;
    vm.current = request.name();
    vm.unsavedBytes = 0;
    site.note(Effect.by(request.mandate(), "revertToSnapshot", vm.ref.id()));
    return new Reverted(true, discarded, Attempts.current());
  }

  @Override
  public Done removeSnapshot(ChangeSnapshot request) {
    return site.script()
        .run(
            "removeSnapshot",
            request.vm().id(),
            () -> {
              synchronized (site) {
                FakeVm vm = admit(request.vm(), request.mandate());
                if (!vm.snapshots.containsKey(request.name())) {
                  return new Done(false, Attempts.current());
                }
                remove(vm, request);
                return new Done(true, Attempts.current());
              }
            });
  }

  void remove(FakeVm vm, ChangeSnapshot request) {
    site.refuseIfShared(vm, request.name());
    vm.merge(request.name());
    site.note(Effect.by(request.mandate(), "removeSnapshot", vm.ref.id()));
  }
}
