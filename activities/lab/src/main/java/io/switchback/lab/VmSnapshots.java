package io.switchback.lab;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The snapshots of one VM: all its disks at one moment, as a tree. */
final class VmSnapshots {
  private static final int MERGE_SLICE_GRAINS = 64;

  private final VmStore vm;
  // One merge at a time per VM; held without the VM's lock, so that guests go on writing meanwhile.
  private final ReentrantLock merging = new ReentrantLock();

  VmSnapshots(VmStore vm) {
    this.vm = vm;
  }

  /**
   * Freezes the top layers. The caller holds the VM's lock and has quiesced the guest, if at all.
   */
  SnapshotView create(String name, boolean quiesced, @Nullable Stamp stamp) throws IOException {
    vm.admit(stamp);
    VmState before = vm.state();
    Instant takenAt = Instant.now();
    Map<String, SnapshotState.Point> points = new LinkedHashMap<>();
    Map<String, DiskState> after = new LinkedHashMap<>();
    Map<String, Layer> tops = new LinkedHashMap<>();
    for (Map.Entry<String, LayeredDisk> entry : vm.disks().entrySet()) {
      LayeredDisk disk = entry.getValue();
      DiskState state = before.disk(entry.getKey());
      disk.flush();
      Layer top = disk.prepare(DiskState.newLayerId(), state.top());
      tops.put(entry.getKey(), top);
      points.put(
          entry.getKey(),
          new SnapshotState.Point(
              state.top(), disk.tracking().nextChangeId(), disk.capacityBytes()));
      after.put(entry.getKey(), state.over(state.top(), top.id()));
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
    Optional<SnapshotState> ancestor = before.commonAncestor(snapshot);
    Map<String, DiskState> after = new LinkedHashMap<>();
    Map<String, Layer> tops = new LinkedHashMap<>();
    for (Map.Entry<String, LayeredDisk> entry : vm.disks().entrySet()) {
      LayeredDisk disk = entry.getValue();
      DiskState state = before.disk(entry.getKey());
      String frozen = point(snapshot, entry.getKey()).layer();
      disk.tracking()
          .markAgainSince(ancestor.map(one -> known(disk, point(one, entry.getKey()))).orElse(-1L));
      disk.tracking().writeMarks();
      Layer top = disk.prepare(DiskState.newLayerId(), frozen);
      tops.put(entry.getKey(), top);
      after.put(entry.getKey(), state.without(state.top()).over(frozen, top.id()));
    }
    vm.commit(
        Effect.of("revert", vm.definition(), stamp)
            .withBoot(before.boot())
            .with(Map.of("snapshot", snapshot.id(), "snapshotName", snapshot.name())),
        before.reverted(snapshot, after));
    for (Map.Entry<String, Layer> top : tops.entrySet()) {
      LayeredDisk disk = vm.disk(top.getKey());
      disk.discardCache();
      disk.becomeTop(top.getValue());
      disk.abandonMerge();
      disk.drop(before.disk(top.getKey()).top());
    }
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
   * single child takes the child's grains and its place, one with several waits. Safe when killed
   * anywhere: until the state is stored, the child hides whatever was already copied below it.
   */
  void collapse() throws IOException {
    merging.lock();
    try {
      for (String disk : vm.disks().keySet()) {
        while (collapseOne(disk)) {}
      }
    } finally {
      merging.unlock();
    }
  }

  private boolean collapseOne(String disk) throws IOException {
    String child = null;
    vm.lock().lock();
    try {
      VmState state = vm.state();
      for (String hidden : state.hiddenLayers(disk)) {
        List<String> children = state.disk(disk).childrenOf(hidden);
        if (children.isEmpty()) {
          vm.replace(state.with(disk, state.disk(disk).without(hidden)));
          vm.disk(disk).drop(hidden);
          return true;
        }
        if (children.size() == 1) {
          child = children.getFirst();
          vm.disk(disk).beginMerge(child);
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
        LayeredDisk layered = vm.disk(disk);
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
