package io.switchback.port;

import io.switchback.model.DiskFormat;
import io.switchback.model.DiskShape;
import io.switchback.model.Fence;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.PowerState;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.SnapshotActivities.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A VM of a {@link FakeSite}, which guards it. */
final class FakeVm {
  /** The guest's tools never answer. */
  static final int NEVER = Integer.MAX_VALUE;

  VmRef ref;
  final Map<String, FakeDisk> disks = new LinkedHashMap<>();
  final Map<String, SnapshotOfAll> snapshots = new LinkedHashMap<>();
  final List<String> addresses = new ArrayList<>();
  final Map<String, Fence> diskFences = new LinkedHashMap<>();
  final Set<String> tags = new TreeSet<>();
  Hardware hardware =
      new Hardware(2, 4L << 30, Firmware.BIOS, List.of(new Nic("lan", true, List.of())));
  Placement placement = new Placement("host-1", "store-1", "prod");

  DiskFormat format = DiskFormat.THIN;

  /** Id of the copy that it is; empty when it is none. */
  String copyId = "";

  /** Id of the VM whose snapshot's files it shares, and the snapshot; empty when it shares none. */
  String sharesWith = "";

  String sharesSnapshot = "";

  /** Id of the replica whose VM it is; empty when it is a VM like any other. */
  String managedBy = "";

  PowerState power = PowerState.OFF;
  boolean connected = true;
  boolean isolated;
  @Nullable String serviceAddress;
  @Nullable Fence fence;
  String current = "";
  long unsavedBytes;

  /** How often somebody must ask before the guest's tools answer; 0 at once. */
  int looksUntilReady;

  int looks;

  /** The guest is asked to shut down and goes on. */
  boolean stubborn;

  /** What the guest has not flushed, by disk: a shutdown writes it, a power-off loses it. */
  final List<Runnable> unflushed = new ArrayList<>();

  FakeVm(VmRef ref) {
    this.ref = ref;
  }

  /** Of the datastore: disks that are thin take what was written. */
  long takenBytes() {
    return disks.values().stream()
        .mapToLong(disk -> format == DiskFormat.THICK ? disk.capacityBytes() : disk.writtenBytes())
        .sum();
  }

  VmProfile profile() {
    return new VmProfile(
        ref,
        power,
        hardware,
        disks.values().stream()
            .map(disk -> new DiskShape(disk.id(), disk.capacityBytes()))
            .toList(),
        placement,
        List.copyOf(tags));
  }

  /** All disks at one moment, and how much was written between the parent and it. */
  record SnapshotOfAll(
      Snapshot answer, Map<String, FakeDisk.Image> images, String parent, long bytesSinceParent) {}

  /** Takes the snapshot out; what it held goes to whatever stands on it. */
  void merge(String name) {
    SnapshotOfAll gone = snapshots.get(name);
    snapshots.remove(name);
    snapshots.replaceAll(
        (id, child) ->
            child.parent().equals(name)
                ? new SnapshotOfAll(
                    child.answer(),
                    child.images(),
                    gone.parent(),
                    child.bytesSinceParent() + gone.bytesSinceParent())
                : child);
    if (current.equals(name)) {
      current = gone.parent();
      unsavedBytes += gone.bytesSinceParent();
    }
  }

  /** Whether a snapshot is the older one, or was taken while the disks stood on that one. */
  boolean standsOn(String snapshot, String older) {
    for (String at = snapshot; snapshots.containsKey(at); at = snapshots.get(at).parent()) {
      if (at.equals(older)) {
        return true;
      }
    }
    return false;
  }

  boolean looksReady() {
    return power == PowerState.ON && looks++ >= looksUntilReady;
  }

  boolean isReady() {
    return power == PowerState.ON && looks >= looksUntilReady;
  }
}
