package io.switchback.operation;

import static io.switchback.model.DriftKind.PRODUCTION_RUNS;
import static io.switchback.model.DriftKind.REPLICA_DISKS;
import static io.switchback.model.DriftKind.REPLICA_GONE;
import static io.switchback.model.DriftKind.REPLICA_MOVED;
import static io.switchback.model.DriftKind.REPLICA_RUNS;
import static io.switchback.model.DriftKind.REPLICA_STOPPED;
import static io.switchback.model.DriftKind.REPLICA_WRITTEN;
import static io.switchback.model.DriftKind.RESTORE_POINT_GONE;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.DiskPair;
import io.switchback.model.Drift;
import io.switchback.model.DriftKind;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.SnapshotActivities.Snapshots;
import io.switchback.port.VmActivities.VmStatus;
import io.switchback.port.WatchActivities.Expected;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tells how the estate differs from how Switchback left it. */
final class Drifts {
  private Drifts() {}

  /** Whether a replica in {@code state} runs in production's place. */
  static boolean serves(ReplicaState state) {
    return switch (state) {
      case FAILOVER, PERMANENT, READY_TO_SWITCH -> true;
      case SEEDING, READY, FAILBACK -> false;
    };
  }

  /**
   * Whether replication of a replica in {@code state} is on hold: production does not serve, or may
   * still be put back to what it was. A permanent one has none.
   */
  static boolean isHeld(ReplicaState state) {
    return switch (state) {
      case FAILOVER, READY_TO_SWITCH, FAILBACK -> true;
      case SEEDING, READY, PERMANENT -> false;
    };
  }

  /**
   * Every difference.
   *
   * @param replica null when its site knows it no more
   * @param snapshots of the replica; null when its site knows it no more
   * @param production null when it was not asked or did not answer
   */
  static List<Drift> of(
      Expected expected,
      @Nullable VmStatus replica,
      @Nullable Snapshots snapshots,
      @Nullable VmStatus production) {
    List<Drift> drift = new ArrayList<>();
    if (replica == null || snapshots == null) {
      drift.add(
          new Drift(
              REPLICA_GONE,
              "",
              "%s is gone from its site. Unprotect the VM and protect it anew."
                  .formatted(expected.replica().recovery())));
      return drift;
    }
    List<RestorePoint> gone =
        expected.restorePoints().stream()
            .filter(point -> !snapshots.names().contains(point.snapshot()))
            .toList();
    gone.forEach(point -> drift.add(gone(point, expected.replica())));
    power(expected, replica, drift);
    boolean newestGone =
        !gone.isEmpty() && gone.getLast().equals(expected.restorePoints().getLast());
    // What a cycle left half done, and what merged when a snapshot was deleted, look as if somebody
    // had written; the next cycle puts both right.
    if (!serves(expected.state()) && !expected.cycleOpen() && !newestGone) {
      disks(expected.replica(), replica, drift);
      writes(expected, snapshots, drift);
    }
    if (production != null) {
      twin(expected, replica, production, drift);
    }
    return drift;
  }

  private static Drift gone(RestorePoint point, Replica replica) {
    return new Drift(
        RESTORE_POINT_GONE,
        point.id(),
        "Restore point '%s' of '%s' is not offered any more: its snapshot '%s' was deleted outside Switchback."
            .formatted(point.id(), replica.name(), point.snapshot()));
  }

  /** That the VM runs which waits for the last of its replica's data. */
  static Drift targetRuns(Expected expected, VmStatus target) {
    boolean isProduction = target.vm().id().equals(expected.replica().production().id());
    return new Drift(
        PRODUCTION_RUNS,
        isProduction ? "" : target.vm().id(),
        "%s is %s although it is a half-way copy of the replica of '%s', which serves: what it writes is overwritten by the switch. Power it off, or cancel the failback."
            .formatted(target.vm(), target.power(), expected.replica().name()));
  }

  private static void power(Expected expected, VmStatus replica, List<Drift> drift) {
    boolean shouldRun = serves(expected.state());
    if (replica.power() != PowerState.OFF && !shouldRun) {
      drift.add(
          new Drift(
              REPLICA_RUNS,
              "",
              "%s is %s although its replica is %s: nothing of Switchback powered it on. %s."
                  .formatted(
                      replica.vm(),
                      replica.power(),
                      expected.state(),
                      expected.state() == ReplicaState.FAILBACK
                          ? "Power it off, or undo the failback"
                          : "Replication leaves it alone. Adopt it, isolate it, or power it off")));
    }
    if (replica.power() == PowerState.OFF && shouldRun) {
      drift.add(
          new Drift(
              REPLICA_STOPPED,
              "",
              "%s is off although it serves in place of '%s'. Power it on with the site's own tools, or %s."
                  .formatted(
                      replica.vm(),
                      expected.replica().name(),
                      expected.state() == ReplicaState.READY_TO_SWITCH
                          ? "cancel the failback"
                          : "undo the failover")));
    }
  }

  private static void disks(Replica replica, VmStatus seen, List<Drift> drift) {
    Map<String, Long> known = new TreeMap<>();
    for (DiskPair disk : replica.disks()) {
      known.put(disk.recoveryDisk(), disk.capacityBytes());
    }
    Map<String, Long> there = new TreeMap<>(seen.disks());
    if (!there.equals(known)) {
      drift.add(
          new Drift(
              REPLICA_DISKS,
              "",
              "%s has the disks %s, with their bytes; the registry knows %s. Put them back, or protect the VM anew."
                  .formatted(seen.vm(), there, known)));
    }
  }

  private static void writes(Expected expected, Snapshots snapshots, List<Drift> drift) {
    if (expected.restorePoints().isEmpty()) {
      return;
    }
    RestorePoint newest = expected.restorePoints().getLast();
    if (!newest.snapshot().equals(snapshots.current())) {
      drift.add(
          new Drift(
              REPLICA_MOVED,
              "",
              "The replica of '%s' stands on snapshot '%s', not on its newest restore point '%s': somebody reverted it by hand. Revert it to '%s', or %s."
                  .formatted(
                      expected.replica().name(),
                      snapshots.current(),
                      newest.id(),
                      newest.snapshot(),
                      expected.state() == ReplicaState.FAILBACK
                          ? "undo the failback"
                          : "adopt it")));
    } else if (snapshots.unsavedBytes() > 0) {
      drift.add(
          new Drift(
              REPLICA_WRITTEN,
              "",
              "The replica of '%s' has written %d bytes since its newest restore point '%s', and no cycle did that: somebody ran it by hand. Replication leaves it alone. %s it to '%s' to lose them."
                  .formatted(
                      expected.replica().name(),
                      snapshots.unsavedBytes(),
                      newest.id(),
                      expected.state() == ReplicaState.FAILBACK
                          ? "Revert"
                          : "Adopt it to keep them, or revert",
                      newest.snapshot())));
    }
  }

  private static void twin(
      Expected expected, VmStatus replica, VmStatus production, List<Drift> drift) {
    if (!Twin.serves(production) || expected.productionMayRun()) {
      return;
    }
    Twin.shared(production.addresses(), replica.addresses())
        .map(
            addresses ->
                new Drift(
                    PRODUCTION_RUNS,
                    "",
                    "%s runs again on a connected network and answers to %s, while its replica is %s. Isolate it, or power it off."
                        .formatted(production.vm(), addresses, expected.state())))
        .ifPresent(drift::add);
  }

  /** What a person may do about it, as commands to copy. */
  static List<String> answers(DriftKind kind, ReplicaState state, String vm) {
    boolean isFailedBack = state == ReplicaState.FAILBACK;
    return switch (kind) {
      case REPLICA_RUNS ->
          isFailedBack
              ? List.of(start("undo-failback", vm))
              : List.of(start("adopt", vm), start("isolate", vm));
      case REPLICA_WRITTEN, REPLICA_MOVED ->
          List.of(start(isFailedBack ? "undo-failback" : "adopt", vm));
      case PRODUCTION_RUNS -> List.of(start("isolate", vm));
      case REPLICA_STOPPED ->
          List.of(
              start(
                  state == ReplicaState.READY_TO_SWITCH ? "cancel-failback" : "undo-failover", vm));
      case REPLICA_DISKS, REPLICA_GONE, RESTORE_POINT_GONE -> List.of();
    };
  }

  private static String start(String operation, String vm) {
    return "switchback start %s '{\"vms\":[\"%s\"]}'".formatted(operation, vm);
  }
}
