package io.switchback.lab;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot as callers see it.
 *
 * @param quiesced whether the guest finished and flushed its current record first
 * @param isCurrent whether the VM's present state lies directly over it
 * @param changeIds by disk: what to ask changes since, later
 */
public record SnapshotView(
    String id,
    String name,
    @Nullable String parent,
    Instant takenAt,
    boolean quiesced,
    boolean isCurrent,
    Map<String, String> changeIds) {

  public SnapshotView {
    changeIds = Map.copyOf(changeIds);
  }

  static SnapshotView of(SnapshotState state, @Nullable String standsOn) {
    Map<String, String> ids = new java.util.LinkedHashMap<>();
    state.disks().forEach((disk, point) -> ids.put(disk, point.changeId()));
    return new SnapshotView(
        state.id(),
        state.name(),
        state.parent(),
        state.takenAt(),
        state.quiesced(),
        state.id().equals(standsOn),
        ids);
  }

  static List<SnapshotView> all(VmState vm) {
    return vm.snapshots().stream().map(one -> of(one, vm.standsOn())).toList();
  }
}
