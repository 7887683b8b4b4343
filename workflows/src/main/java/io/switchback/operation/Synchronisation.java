package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.model.Failback;
import io.switchback.model.Failback.Round;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmRef;
import io.switchback.operation.Steps.Told;
import io.switchback.port.FailbackActivities.CompleteSwitch;
import io.switchback.port.FailbackActivities.RecordRound;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import io.switchback.port.SnapshotActivities.Snapshot;
import io.switchback.port.SnapshotActivities.Snapshots;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The verbs by which the VM that a replica's data go back to comes to hold what the replica holds:
 * rounds from snapshots of the replica, the last one when it is off.
 *
 * <p>After each round the target is snapshotted as well. Whoever powers it on by hand meanwhile
 * writes on top of that, and the next round overwrites it.
 */
final class Synchronisation {
  private static final String ROUND = "round-";
  private static final String MARK = "mark-";
  private static final String SWITCH = "switch-";
  private static final String PROTECTIVE = "failback-";

  private final ReplicaOperation operation;
  private final ReplicaRequest request;
  private final Replica replica;
  private final FailbackTarget target;
  private final Ports ports;
  private final Steps steps;
  private final RoundTransfers transfers;
  private @Nullable Round last;
  private @Nullable RestorePoint protectivePoint;
  private Map<String, String> changeIds = Map.of();

  Synchronisation(ReplicaOperation operation, ReplicaRequest request, FailbackTarget target) {
    this.operation = operation;
    this.request = request;
    this.replica = request.member().replica();
    this.target = target;
    this.ports = operation.ports();
    this.steps = operation.steps();
    this.transfers = new RoundTransfers(operation, replica, target);
  }

  /**
   * Removes what rounds that came to nothing have left at both; the last good one stays, and so do
   * the protective snapshots of earlier failbacks, which are restore points.
   */
  void tidyWhatFailed() {
    Round recorded = requireNonNull(last, "a round was made before it waited");
    snapshots().stream()
        .filter(name -> isOwn(name, ROUND) && !name.equals(recorded.snapshot()))
        .forEach(this::removeAtReplica);
    tidyTarget(recorded);
  }

  /** The replica's snapshots, whoever has made them. */
  private List<String> snapshots() {
    return steps
        .step(
            StepKind.LIST_ROUNDS,
            mandate ->
                ports
                    .snapshots(
                        replica.recovery().site(), "Which snapshots has " + replica.name() + "?")
                    .listSnapshots(new ListSnapshots(replica.recovery())),
            found -> new Told(false, 0, found.names().size() + " snapshots"),
            skipped -> new Snapshots(List.of(), "", 0))
        .names();
  }

  /** Goes on from the round that an earlier operation has made. */
  void goOnFrom(Failback failback) {
    last = failback.round();
    protectivePoint = failback.protectivePoint();
  }

  /**
   * One round while the replica serves on.
   *
   * @return bytes that were sent
   */
  long whileServing() {
    String name = own(ROUND);
    Round before = last;
    operation.undo(() -> unlessRecorded(name));
    Snapshot taken =
        snapshot(
            StepKind.SNAPSHOT_SERVING,
            replica.recovery(),
            "Snapshot " + replica.name() + ", which serves on",
            name,
            true);
    long sent = transfers.send(name, before);
    var _ = mark(own(MARK));
    Round made = new Round(name, taken.changeIds(), RunClock.now());
    operation.step(
        StepKind.RECORD_ROUND,
        mandate ->
            ports
                .failbacks("Remember what " + target.failback().target().name() + " holds now")
                .recordRound(new RecordRound(mandate, replica.id(), made)));
    last = made;
    if (before != null && !before.snapshot().equals(name)) {
      forget(before);
    }
    return sent;
  }

  /**
   * The last round, of a replica that is off: its snapshot is what it is put back to by an undo.
   *
   * @return bytes that were sent
   */
  long ofStopped() {
    String name = own(PROTECTIVE);
    operation.undo(() -> removeAtReplica(name));
    Snapshot taken =
        snapshot(
            StepKind.PROTECT_REPLICA,
            replica.recovery(),
            "Keep " + replica.name() + " as it is before the switch",
            name,
            false);
    protectivePoint =
        new RestorePoint(
            "%s-failback-%s".formatted(replica.name(), request.operationId().substring(0, 8)),
            name,
            taken.takenAt(),
            taken.consistency());
    long sent = transfers.send(name, requireNonNull(last, "a round was made while it served"));
    operation.undo(() -> target.snapshots().remove(own(SWITCH)));
    changeIds = mark(own(SWITCH)).changeIds();
    return sent;
  }

  /** From here on the target is production, and the way back is an undo of the failback. */
  void complete() {
    RestorePoint point = requireNonNull(protectivePoint, "the last round was made");
    operation.step(
        StepKind.COMPLETE_SWITCH,
        mandate ->
            ports
                .failbacks(target.failback().target().name() + " is production")
                .completeSwitch(new CompleteSwitch(mandate, replica.id(), point, changeIds)));
  }

  /** Removes what only the rounds needed. */
  void tidy() {
    Round done = requireNonNull(last, "a round was made");
    removeAtReplica(done.snapshot());
    target.snapshots().remove(markOf(done));
    target.snapshots().remove(own(SWITCH));
  }

  /** Removes what a failback that is given up has made at the replica. */
  void tidyReplica() {
    made().forEach(this::removeAtReplica);
  }

  /** The snapshots of the replica that the registry knows of. */
  private Set<String> made() {
    Set<String> names = new LinkedHashSet<>();
    if (last != null) {
      names.add(last.snapshot());
    }
    if (protectivePoint != null) {
      names.add(protectivePoint.snapshot());
    }
    return names;
  }

  /** The same for one that has waited: rounds that came to nothing may have left theirs, too. */
  void tidyReplicaOfAllRounds() {
    Set<String> names = made();
    // Of earlier failbacks the protective snapshots are restore points: they stay.
    snapshots().stream().filter(name -> isOwn(name, ROUND)).forEach(names::add);
    names.forEach(this::removeAtReplica);
  }

  /**
   * Removes what rounds and switches have left at the replica.
   *
   * @param there the replica's snapshots
   * @param needed those of them that stay
   */
  void tidyReplica(List<String> there, Set<String> needed) {
    there.stream()
        .filter(name -> isOwn(name, ROUND) || isOwn(name, PROTECTIVE))
        .filter(name -> !needed.contains(name))
        .forEach(this::removeAtReplica);
  }

  /** Removes the marks at the target, but that of {@code needed}. */
  void tidyTarget(@Nullable Round needed) {
    target.snapshots().ours().stream()
        .filter(name -> isOwn(name, MARK) || isOwn(name, SWITCH))
        .filter(name -> needed == null || !name.equals(markOf(needed)))
        .forEach(target.snapshots()::remove);
  }

  private void forget(Round before) {
    removeAtReplica(before.snapshot());
    target.snapshots().remove(markOf(before));
  }

  /** Name of the target's snapshot that holds what the round has sent. */
  static String markOf(Round round) {
    return round.snapshot().replace(ROUND, MARK);
  }

  /** A round that was recorded is there for the next attempt to go on from. */
  private void unlessRecorded(String name) {
    Round recorded = last;
    if (recorded == null || !recorded.snapshot().equals(name)) {
      target.snapshots().remove(own(MARK));
      removeAtReplica(name);
    }
  }

  private Snapshot mark(String name) {
    VmRef vm = target.failback().target();
    return snapshot(StepKind.MARK_TARGET, vm, "Mark what " + vm.name() + " holds now", name, false);
  }

  private Snapshot snapshot(
      StepKind kind, VmRef vm, String summary, String name, boolean quiesced) {
    return steps.step(
        kind,
        mandate ->
            ports
                .snapshots(vm.site(), summary)
                .createSnapshot(new CreateSnapshot(mandate, vm, name, quiesced)),
        made -> new Told(true, made.attempt(), made.name()));
  }

  private void removeAtReplica(String name) {
    operation.step(
        StepKind.REMOVE_ROUND,
        mandate ->
            ports
                .snapshots(
                    replica.recovery().site(), "Remove snapshot " + name + " of " + replica.name())
                .removeSnapshot(new ChangeSnapshot(mandate, replica.recovery(), name)));
  }

  private boolean isOwn(String name, String what) {
    return name.startsWith(ReplicaOperation.ownSnapshots(replica) + what);
  }

  private String own(String what) {
    return ReplicaOperation.ownSnapshots(replica) + what + request.operationId();
  }
}
