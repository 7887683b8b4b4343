package io.switchback.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A failback that was begun and neither committed nor undone nor cancelled.
 *
 * @param target the VM that the replica's data go back to
 * @param disks the target's, each as {@code productionDisk} beside the replica's
 * @param targetRan whether the target ran before
 * @param targetSnapshot name of the target's own snapshot, which holds it as it was before
 * @param switchAt when the switch is due; null unless it is SCHEDULED
 * @param powerOn whether the target is powered on after the switch
 * @param round the last synchronisation; null before the first is complete
 * @param protectivePoint the replica's state before the switch; null before it is made
 */
public record Failback(
    FailbackTo to,
    VmRef target,
    List<DiskPair> disks,
    boolean targetRan,
    String targetSnapshot,
    Switchover switchover,
    @Nullable Instant switchAt,
    boolean powerOn,
    @Nullable Round round,
    @Nullable RestorePoint protectivePoint) {
  public Failback {
    new Mistakes()
        .unless(to != null, "to is missing")
        .unless(target != null, "target is missing")
        .unless(disks != null && !disks.isEmpty(), "a target has at least one disk")
        .required(targetSnapshot, "targetSnapshot")
        .unless(switchover != null, "switchover is missing")
        .unless(
            (switchover == Switchover.SCHEDULED) == (switchAt != null),
            "switchAt belongs to switchover SCHEDULED")
        .refuse("failback");
    disks = List.copyOf(disks);
  }

  /**
   * A synchronisation of the target.
   *
   * @param snapshot of the replica, which the target holds since
   * @param changeIds by the replica's disk, from that snapshot
   */
  public record Round(String snapshot, Map<String, String> changeIds) {
    public Round {
      new Mistakes().required(snapshot, "snapshot").refuse("round");
      changeIds = Map.copyOf(changeIds);
    }
  }
}
