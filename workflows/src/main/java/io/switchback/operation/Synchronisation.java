package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.model.DiskPair;
import io.switchback.model.Failback;
import io.switchback.model.Failback.Round;
import io.switchback.model.Mandate;
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
import io.switchback.port.TransferActivities.TransferDisk;
import io.switchback.port.TransferActivities.Transferred;
import io.temporal.workflow.Async;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
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
  private static final String FIRST = "nothing tells what both had in common before";

  private final ReplicaOperation operation;
  private final ReplicaRequest request;
  private final Replica replica;
  private final FailbackTarget target;
  private final Ports ports;
  private final Steps steps;
  private final ProductionDisks source;
  private final Transferring place;
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
    this.source = new ProductionDisks(ports);
    this.place = new Transferring(ports, replica, replica.production().site());
  }

  /** Removes what rounds that came to nothing have left at both; the last good one stays. */
  void tidyWhatFailed() {
    Round recorded = requireNonNull(last, "a round was made before it waited");
    List<String> there =
        steps
            .step(
                StepKind.LIST_ROUNDS,
                mandate ->
                    ports
                        .snapshots(
                            replica.recovery().site(),
                            "Which snapshots has " + replica.name() + "?")
                        .listSnapshots(new ListSnapshots(replica.recovery())),
                found -> new Told(false, 0, found.names().size() + " snapshots"),
                skipped -> new Snapshots(List.of(), "", 0))
            .names();
    tidyReplica(there, Set.of(recorded.snapshot()));
    tidyTarget(recorded);
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
        steps.step(
            StepKind.SNAPSHOT_SERVING,
            mandate ->
                ports
                    .snapshots(
                        replica.recovery().site(),
                        "Snapshot " + replica.name() + ", which serves on")
                    .createSnapshot(new CreateSnapshot(mandate, replica.recovery(), name, true)),
            made -> new Told(true, made.attempt(), made.name()));
    long sent = send(name, before);
    var _ = mark(own(MARK));
    Round made = new Round(name, taken.changeIds(), ReplicaOperation.now());
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
        steps.step(
            StepKind.PROTECT_REPLICA,
            mandate ->
                ports
                    .snapshots(
                        replica.recovery().site(),
                        "Keep " + replica.name() + " as it is before the switch")
                    .createSnapshot(new CreateSnapshot(mandate, replica.recovery(), name, false)),
            made -> new Told(true, made.attempt(), made.name()));
    protectivePoint =
        new RestorePoint(
            "%s-failback-%s".formatted(replica.name(), request.operationId().substring(0, 8)),
            name,
            taken.takenAt(),
            taken.consistency());
    long sent = send(name, requireNonNull(last, "a round was made while it served"));
    operation.undo(() -> target.remove(own(SWITCH)));
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
    target.remove(markOf(done));
    target.remove(own(SWITCH));
  }

  /** Removes what a failback that is given up has left at the replica. */
  void tidyReplica() {
    Round done = last;
    if (done != null) {
      removeAtReplica(done.snapshot());
    }
    RestorePoint point = protectivePoint;
    if (point != null) {
      removeAtReplica(point.snapshot());
    }
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
    target.ours().stream()
        .filter(name -> isOwn(name, MARK) || isOwn(name, SWITCH))
        .filter(name -> needed == null || !name.equals(markOf(needed)))
        .forEach(target::remove);
  }

  private void forget(Round before) {
    removeAtReplica(before.snapshot());
    target.remove(markOf(before));
  }

  /** Name of the target's snapshot that holds what the round has sent. */
  static String markOf(Round round) {
    return round.snapshot().replace(ROUND, MARK);
  }

  /** A round that was recorded is there for the next attempt to go on from. */
  private void unlessRecorded(String name) {
    Round recorded = last;
    if (recorded == null || !recorded.snapshot().equals(name)) {
      target.remove(own(MARK));
      removeAtReplica(name);
    }
  }

  private Snapshot mark(String name) {
    VmRef vm = target.failback().target();
    return steps.step(
        StepKind.MARK_TARGET,
        mandate ->
            ports
                .snapshots(vm.site(), "Mark what " + vm.name() + " holds now")
                .createSnapshot(new CreateSnapshot(mandate, vm, name, false)),
        made -> new Told(true, made.attempt(), made.name()));
  }

  private long send(String snapshot, @Nullable Round before) {
    return target.failback().disks().stream().mapToLong(disk -> send(snapshot, before, disk)).sum();
  }

  private long send(String snapshot, @Nullable Round before, DiskPair disk) {
    Transferred sent =
        steps.step(
            StepKind.SYNCHRONISE,
            mandate -> copy(steps.mandates(mandate), snapshot, before, disk),
            done ->
                new Told(
                    true,
                    done.attempt(),
                    "%d bytes by %s".formatted(done.sentBytes(), done.rung())));
    operation.note(
        "%s: %d bytes sent, %s, %s"
            .formatted(sent.disk(), sent.sentBytes(), sent.rung(), sent.reason()));
    return sent.sentBytes();
  }

  /** Takes a place among the transfers for as long as it copies: who parks keeps none. */
  private Transferred copy(
      Supplier<Mandate> mandates, String snapshot, @Nullable Round before, DiskPair disk) {
    try {
      steps.await(
          () ->
              Async.procedure(
                  () -> place.begin(waits -> operation.note(replica.name() + " " + waits))));
      source.find(replica.recovery());
      return steps.await(
          () ->
              Async.function(
                  () ->
                      source.send(
                          "Send %s home, disk %s".formatted(replica.name(), disk.productionDisk()),
                          () -> transfer(mandates.get(), snapshot, before, disk))));
    } finally {
      place.end();
    }
  }

  /** The replica's disk is the source here, and the target's the one that is written. */
  private TransferDisk transfer(
      Mandate mandate, String snapshot, @Nullable Round before, DiskPair disk) {
    return new TransferDisk(
        mandate,
        replica.recovery(),
        snapshot,
        target.failback().target(),
        disk.reversed(),
        before == null ? null : before.changeIds().get(disk.recoveryDisk()),
        before == null ? null : markOf(before),
        before == null || !before.changeIds().containsKey(disk.recoveryDisk()) ? first(before) : "",
        null);
  }

  /** Why both are read in full; nothing, where the one that is written has been made empty. */
  private String first(@Nullable Round before) {
    return before == null && target.failback().makesTarget() ? "" : FIRST;
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
