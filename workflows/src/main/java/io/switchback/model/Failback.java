package io.switchback.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A failback that was begun and neither committed nor undone nor cancelled.
 *
 * @param before production when it was begun
 * @param target the VM that the replica's data go back to; one that the failback makes is known by
 *     its name alone until it is made
 * @param disks the target's, each as {@code productionDisk} beside the replica's
 * @param networks of a target that the failback makes: what its networks are called at the recovery
 *     site, which the replica's map follows once it is committed
 * @param targetRan whether the target ran before
 * @param targetIsolated whether Switchback had taken the target off its networks before
 * @param targetSnapshot name of the target's own snapshot, which holds it as it was before; of a
 *     target that the failback makes, the mark by which its site knows it as Switchback's
 * @param switchAt when the switch is due; null unless it is SCHEDULED
 * @param powerOn whether the target is powered on after the switch
 * @param round the last synchronisation; null before the first is complete
 * @param protectivePoint the replica's state before the switch; null before it is made
 * @param resynchroniseEvery how often the target is synchronised again while it waits for the
 *     switch; null: never
 */
public record Failback(
    FailbackTo to,
    VmRef before,
    VmRef target,
    List<DiskPair> disks,
    List<NetworkMapping> networks,
    boolean targetRan,
    boolean targetIsolated,
    String targetSnapshot,
    Switchover switchover,
    @Nullable Instant switchAt,
    boolean powerOn,
    @Nullable Round round,
    @Nullable RestorePoint protectivePoint,
    @Nullable Duration resynchroniseEvery) {
  public Failback {
    new Mistakes()
        .unless(to != null, "to is missing")
        .unless(before != null, "before is missing")
        .unless(target != null, "target is missing")
        .unless(disks != null && !disks.isEmpty(), "a target has at least one disk")
        .required(targetSnapshot, "targetSnapshot")
        .unless(switchover != null, "switchover is missing")
        .unless(
            (switchover == Switchover.SCHEDULED) == (switchAt != null),
            "switchAt belongs to switchover SCHEDULED")
        .unless(
            resynchroniseEvery == null || resynchroniseEvery.isPositive(),
            "resynchroniseEvery must be a time, or null for never")
        .refuse("failback");
    disks = List.copyOf(disks);
    networks = networks == null ? List.of() : List.copyOf(networks);
  }

  /** Whether the failback makes its target. */
  public boolean makesTarget() {
    return to == FailbackTo.NEW_LOCATION;
  }

  /** Of a failback that makes its target: as it is once that is made. */
  public Failback made(VmRef vm, List<DiskPair> its) {
    return new Failback(
        to,
        before,
        vm,
        its,
        networks,
        targetRan,
        targetIsolated,
        targetSnapshot,
        switchover,
        switchAt,
        powerOn,
        round,
        protectivePoint,
        resynchroniseEvery);
  }

  /** A replica's network map as it is once its target is production for good. */
  public List<NetworkMapping> follow(List<NetworkMapping> map) {
    List<NetworkMapping> follows = new ArrayList<>(networks);
    map.stream().filter(old -> networks.stream().noneMatch(old::contradicts)).forEach(follows::add);
    return List.copyOf(follows);
  }

  /**
   * A synchronisation of the target.
   *
   * @param snapshot of the replica, which the target holds since
   * @param changeIds by the replica's disk, from that snapshot
   * @param at when it was complete; null where nobody wrote that down
   */
  public record Round(String snapshot, Map<String, String> changeIds, @Nullable Instant at) {
    public Round {
      new Mistakes().required(snapshot, "snapshot").refuse("round");
      changeIds = Map.copyOf(changeIds);
    }
  }
}
