package io.switchback.lab;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything a site stores about a VM apart from its bytes, in one file that is replaced as a
 * whole: that replacement is the commit of every mutation.
 *
 * @param boot of the guest that runs, when the power is on
 * @param disks those of the definition, and those that only snapshots still hold
 * @param standsOn the snapshot over which the present state lies, or null
 * @param lastEffect the journal line of the newest mutation, so that a kill between the two loses
 *     no line
 */
record VmState(
    VmDefinition definition,
    PowerState power,
    @Nullable String boot,
    @Nullable String standsOn,
    List<SnapshotState> snapshots,
    Map<String, DiskState> disks,
    @Nullable Effect lastEffect) {

  VmState {
    snapshots = List.copyOf(snapshots);
    disks = new LinkedHashMap<>(disks);
  }

  VmState with(Effect effect) {
    return new VmState(definition, power, boot, standsOn, snapshots, disks, effect);
  }

  VmState powered(PowerState newPower, @Nullable String newBoot) {
    return new VmState(definition, newPower, newBoot, standsOn, snapshots, disks, lastEffect);
  }

  VmState with(VmDefinition newDefinition) {
    return new VmState(newDefinition, power, boot, standsOn, snapshots, disks, lastEffect);
  }

  VmState with(String disk, DiskState newState) {
    Map<String, DiskState> changed = new LinkedHashMap<>(disks);
    changed.put(disk, newState);
    return new VmState(definition, power, boot, standsOn, snapshots, changed, lastEffect);
  }

  VmState withoutDisk(String disk) {
    Map<String, DiskState> left = new LinkedHashMap<>(disks);
    left.remove(disk);
    return new VmState(definition, power, boot, standsOn, snapshots, left, lastEffect);
  }

  /** Whether a snapshot holds the disk. */
  boolean isHeld(String disk) {
    return snapshots.stream().anyMatch(one -> one.disks().containsKey(disk));
  }

  /** With a new snapshot, on which the VM stands from now on. */
  VmState snapshotted(SnapshotState snapshot, Map<String, DiskState> newDisks) {
    List<SnapshotState> all = new ArrayList<>(snapshots);
    all.add(snapshot);
    return new VmState(definition, power, boot, snapshot.id(), all, newDisks, lastEffect);
  }

  /** Off, standing on the snapshot and with the disks that it holds. */
  VmState reverted(SnapshotState snapshot, Map<String, DiskState> newDisks) {
    List<DiskDefinition> held = new ArrayList<>();
    snapshot.disks().forEach((disk, point) -> held.add(point.definition(disk)));
    return new VmState(
        definition.with(held),
        PowerState.OFF,
        null,
        snapshot.id(),
        snapshots,
        newDisks,
        lastEffect);
  }

  VmState withoutSnapshot(SnapshotState gone) {
    List<SnapshotState> left =
        snapshots.stream()
            .filter(one -> !one.id().equals(gone.id()))
            .map(
                one ->
                    gone.id().equals(one.parent())
                        ? new SnapshotState(
                            one.id(),
                            one.name(),
                            gone.parent(),
                            one.takenAt(),
                            one.quiesced(),
                            one.disks())
                        : one)
            .toList();
    String base = gone.id().equals(standsOn) ? gone.parent() : standsOn;
    return new VmState(definition, power, boot, base, left, disks, lastEffect);
  }

  /**
   * With the grains of {@code child} now in its parent, for the disk and for the snapshots that
   * point at it.
   */
  VmState merged(String disk, String child, String parent) {
    List<SnapshotState> moved =
        snapshots.stream().map(one -> movedPoint(one, disk, child, parent)).toList();
    Map<String, DiskState> changed = new LinkedHashMap<>(disks);
    changed.put(disk, disk(disk).merged(child, parent));
    return new VmState(definition, power, boot, standsOn, moved, changed, lastEffect);
  }

  private static SnapshotState movedPoint(
      SnapshotState snapshot, String disk, String child, String parent) {
    SnapshotState.Point point = snapshot.disks().get(disk);
    if (point == null || !point.layer().equals(child)) {
      return snapshot;
    }
    Map<String, SnapshotState.Point> points = new LinkedHashMap<>(snapshot.disks());
    points.put(disk, point.movedTo(parent));
    return new SnapshotState(
        snapshot.id(),
        snapshot.name(),
        snapshot.parent(),
        snapshot.takenAt(),
        snapshot.quiesced(),
        points);
  }

  DiskState disk(String disk) {
    return Objects.requireNonNull(disks.get(disk), disk);
  }

  Optional<SnapshotState> snapshot(@Nullable String id) {
    return snapshots.stream().filter(one -> one.id().equals(id)).findFirst();
  }

  /**
   * The nearest snapshot on which both the present state and {@code other} stand, if one is left.
   */
  Optional<SnapshotState> commonAncestor(SnapshotState other) {
    Set<String> mine = new HashSet<>();
    for (Optional<SnapshotState> at = snapshot(standsOn);
        at.isPresent();
        at = snapshot(at.get().parent())) {
      mine.add(at.get().id());
    }
    for (Optional<SnapshotState> at = Optional.of(other);
        at.isPresent();
        at = snapshot(at.get().parent())) {
      if (mine.contains(at.get().id())) {
        return at;
      }
    }
    return Optional.empty();
  }

  /** Layers that no snapshot names and that are not the top. */
  Set<String> hiddenLayers(String disk) {
    Set<String> hidden = new HashSet<>();
    disk(disk).layers().forEach(layer -> hidden.add(layer.id()));
    hidden.remove(disk(disk).top());
    for (SnapshotState snapshot : snapshots) {
      SnapshotState.Point point = snapshot.disks().get(disk);
      if (point != null) {
        hidden.remove(point.layer());
      }
    }
    return hidden;
  }
}
