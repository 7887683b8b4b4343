package io.switchback.port;

import io.switchback.model.Fence;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.switchback.port.SnapshotActivities.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A VM of a {@link FakeSite}, which guards it. */
final class FakeVm {
  /** The guest's tools never answer. */
  static final int NEVER = Integer.MAX_VALUE;

  final VmRef ref;
  final Map<String, FakeDisk> disks = new LinkedHashMap<>();
  final Map<String, SnapshotOfAll> snapshots = new LinkedHashMap<>();
  final List<String> addresses = new ArrayList<>();
  final Map<String, Fence> diskFences = new LinkedHashMap<>();
  PowerState power = PowerState.OFF;
  boolean connected = true;
  @Nullable String serviceAddress;
  @Nullable Fence fence;
  String current = "";
  long unsavedBytes;

  /** How often somebody must ask before the guest's tools answer; 0 at once. */
  int looksUntilReady;

  int looks;

  FakeVm(VmRef ref) {
    this.ref = ref;
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

  boolean looksReady() {
    return power == PowerState.ON && looks++ >= looksUntilReady;
  }

  boolean isReady() {
    return power == PowerState.ON && looks >= looksUntilReady;
  }
}
