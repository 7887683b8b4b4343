package io.switchback.lab;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The snapshots of one VM: all its disks at one moment, as a tree. */
final class VmSnapshots {
  private static final int MERGE_SLICE_GRAINS = 64;

  private final VmStore vm;
  // One merge at a time per VM; held without the VM's lock, so that guests go on writing meanwhile.
  private final ReentrantLock merging = new ReentrantLock();
  // Guarded by the lock of merges.
  private int holders;

  VmSnapshots(VmStore vm) {
    this.vm = vm;
  }

  /**
   * Freezes the top layers. The caller holds the VM's lock and has quiesced the guest, if at all.
   */
  SnapshotView create(String name, Instant takenAt, boolean quiesced, @Nullable Stamp stamp)
      throws IOException {
    vm.admit(stamp);
    VmState before = vm.state();
    Map<String, SnapshotState.Point> points = new LinkedHashMap<>();
    Map<String, DiskState> after = new LinkedHashMap<>(before.disks());
    Map<String, Layer> tops = new LinkedHashMap<>();
    for (DiskDefinition definition : vm.definition().disks()) {
      LayeredDisk disk = vm.disk(definition.id());
      DiskState state = before.disk(definition.id());
      disk.flush();
      Layer top = disk.prepare(DiskState.newLayerId(), state.top());
      tops.put(definition.id(), top);
      points.put(
          definition.id(),
          new SnapshotState.Point(
              state.top(),
              disk.tracking().nextChangeId(),
              disk.capacityBytes(),
              definition.imageBytes()));
      after.put(definition.id(), state.over(state.top(), top.id()));
    }
    SnapshotState made =
        new SnapshotState(
            "snapshot-" + UUID.randomUUID(), name, before.standsOn(), takenAt, quiesced, points);
    SnapshotView view = SnapshotView.of(made, made.id());
    vm.commit(
        Effect.of("createSnapshot", vm.definition(), stamp)
            .withBoot(before.boot())
            .with(
                Map.of(
                    "snapshot",
                    made.id(),
                    "snapshotName",
                    name,
                    "quiesced",
                    quiesced,
                    "changeIds",
                    view.changeIds())),
        before.snapshotted(made, after));
    tops.forEach((disk, top) -> vm.disk(disk).becomeTop(top));
    return view;
  }

  /**
   * Throws the present state away and stands on {@code snapshotId} again, powered off. Other
   * snapshots stay. The caller holds the VM's lock and has stopped the guest; it calls {@link
   * #collapse} afterwards, without the lock.
   */
  void revert(String snapshotId, @Nullable Stamp stamp) throws IOException {
    vm.admit(stamp);
    VmState before = vm.state();
    SnapshotState snapshot = find(snapshotId);
    Map<String, DiskState> after = new LinkedHashMap<>(before.disks());
    Map<String, Layer> tops = new LinkedHashMap<>();
    for (Map.Entry<String, LayeredDisk> entry : vm.allDisks().entrySet()) {
      String disk = entry.getKey();
      if (snapshot.disks().containsKey(disk)) {
        Layer top = prepareRevert(before, snapshot, disk);
        tops.put(disk, top);
        SnapshotState.Point point = point(snapshot, disk);
        DiskState state = before.disk(disk);
        after.put(disk, state.reverted(point.layer(), point.capacityBytes(), top.id()));
      } else if (vm.disks().containsKey(disk)) {
        Layer top = prepareRemoval(disk);
        tops.put(disk, top);
        after.put(disk, before.disk(disk).emptied(top.id()));
      }
    }
    vm.commit(
        Effect.of("revert", vm.definition(), stamp)
            .withBoot(before.boot())
            .with(Map.of("snapshot", snapshot.id(), "snapshotName", snapshot.name())),
        before.reverted(snapshot, after));
    for (Map.Entry<String, Layer> top : tops.entrySet()) {
      LayeredDisk disk = vm.anyDisk(top.getKey());
      DiskState state = vm.state().disk(top.getKey());
      disk.replaceTop(top.getValue(), state);
      if (disk.capacityBytes() != state.capacityBytes()) {
        disk.resize(state);
      }
    }
  }

  private Layer prepareRevert(VmState before, SnapshotState snapshot, String disk)
      throws IOException {
    LayeredDisk layered = vm.anyDisk(disk);
    // A disk that was removed lost its present state then, which nobody has asked for since.
    SnapshotState.Point ancestor =
        vm.disks().containsKey(disk)
            ? before.commonAncestor(snapshot).map(one -> one.disks().get(disk)).orElse(null)
            : null;
    layered.tracking().markAgainSince(ancestor == null ? -1 : known(layered, ancestor));
    layered.tracking().writeMarks();
    return layered.prepare(DiskState.newLayerId(), point(snapshot, disk).layer());
  }

  /** Makes the empty layer that takes the place of a disk's present state when the disk goes. */
  Layer prepareRemoval(String disk) throws IOException {
    return vm.disk(disk).prepare(DiskState.newLayerId(), topParent(vm.state().disk(disk)));
  }

  private static @Nullable String topParent(DiskState state) {
    return state.parentOf(state.top());
  }

  private static long known(LayeredDisk disk, SnapshotState.Point point) {
    try {
      return disk.tracking().number(point.changeId());
    } catch (LabException reset) {
      // Tracking was reset since: nothing older than the reset can be asked for, so marking all is
      // right and enough.
      return -1;
    }
  }

  /** Forgets a snapshot; its bytes live on where other snapshots or the present state need them. */
  void remove(String snapshotId, @Nullable Stamp stamp) throws IOException {
    vm.lock().lock();
    try {
      vm.admit(stamp);
      SnapshotState snapshot = find(snapshotId);
      vm.commit(
          Effect.of("removeSnapshot", vm.definition(), stamp)
              .with(Map.of("snapshot", snapshot.id(), "snapshotName", snapshot.name())),
          vm.state().withoutSnapshot(snapshot));
    } finally {
      vm.lock().unlock();
    }
    collapse();
  }

  SnapshotState find(String idOrName) {
    List<SnapshotState> all = vm.state().snapshots();
    return all.stream()
        .filter(one -> one.id().equals(idOrName))
        .findFirst()
        .or(() -> all.stream().filter(one -> one.name().equals(idOrName)).findFirst())
        .orElseThrow(
            () ->
                new LabException(
                    LabFault.NO_SUCH_SNAPSHOT,
                    "VM '%s' has no snapshot '%s'. It has: %s"
                        .formatted(
                            vm.definition().name(),
                            idOrName,
                            all.stream().map(SnapshotState::name).toList())));
  }

  SnapshotState.Point point(SnapshotState snapshot, String disk) {
    SnapshotState.Point point = snapshot.disks().get(disk);
    if (point == null) {
      throw new LabException(
          LabFault.NO_SUCH_SNAPSHOT,
          "Snapshot '%s' does not hold disk '%s'.".formatted(snapshot.name(), disk));
    }
    return point;
  }

  /**
   * Does away with layers that no snapshot names: one without children is deleted, one with a
   * single child takes the child's grains and its place, one with several waits. A disk that the VM
   * has lost goes with the last snapshot that holds it. Safe when killed anywhere: until the state
   * is stored, the child hides whatever was already copied below it.
   */
  void collapse() throws IOException {
    merging.lock();
    try {
      if (holders > 0) {
        return; // The last of them does it.
      }
      for (String disk : List.copyOf(vm.allDisks().keySet())) {
        forgetIfUnused(disk);
        while (collapseOne(disk)) {}
      }
    } finally {
      merging.unlock();
    }
  }

  /** Merges and drops no layer until {@link #letLayersGo}; waits for a merge that is under way. */
  void holdLayers() {
    merging.lock();
    try {
      holders++;
    } finally {
      merging.unlock();
    }
  }

  void letLayersGo() throws IOException {
    merging.lock();
    try {
      holders--;
      collapse();
    } finally {
      merging.unlock();
    }
  }

  private void forgetIfUnused(String disk) throws IOException {
    vm.lock().lock();
    try {
      if (!vm.isClosed() && !vm.disks().containsKey(disk) && !vm.state().isHeld(disk)) {
        vm.replace(vm.state().withoutDisk(disk));
        vm.forgetDisk(disk);
      }
    } finally {
      vm.lock().unlock();
    }
  }

  private boolean collapseOne(String disk) throws IOException {
    String child = null;
    vm.lock().lock();
    try {
      VmState state = vm.state();
      if (vm.isClosed() || !state.disks().containsKey(disk)) {
        return false;
      }
      for (String hidden : state.hiddenLayers(disk)) {
        List<String> children = state.disk(disk).childrenOf(hidden);
        if (children.isEmpty()) {
          vm.replace(state.with(disk, state.disk(disk).without(hidden)));
          vm.anyDisk(disk).drop(hidden);
          return true;
        }
        if (children.size() == 1) {
          child = children.getFirst();
          vm.anyDisk(disk).beginMerge(child);
          break;
        }
      }
    } finally {
      vm.lock().unlock();
    }
    return child != null && merge(disk, child);
  }

  private boolean merge(String disk, String child) throws IOException {
    boolean copied = false;
    while (true) {
      Layer target;
      vm.lock().lock();
      try {
        LayeredDisk layered = vm.anyDisk(disk);
        if (!layered.isMerging(child)) {
          return true; // A revert dropped the child meanwhile: look again.
        }
        target = layered.mergeTarget();
        boolean complete = layered.continueMerge(MERGE_SLICE_GRAINS);
        if (complete && copied) {
          target.force();
          vm.replace(vm.state().merged(disk, child, target.id()));
          layered.finishMerge();
          return true;
        }
        copied = complete;
      } finally {
        vm.lock().unlock();
      }
      if (copied) {
        // The bulk goes to the device outside the lock, so that the last force, inside it, is
        // short.
        target.force();
      }
    }
  }
}
