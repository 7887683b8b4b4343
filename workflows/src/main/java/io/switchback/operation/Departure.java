package io.switchback.operation;

import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.operation.Steps.Told;
import io.switchback.port.Done;
import io.switchback.port.PermanentFailoverActivities.ExcludeProduction;
import io.switchback.port.PermanentFailoverActivities.ForgetLetGoPoints;
import io.switchback.port.PermanentFailoverActivities.LetGo;
import io.switchback.port.PermanentFailoverActivities.LetGoRestorePoints;
import io.switchback.port.PlaceholderActivities.ChangeVm;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import io.switchback.port.SnapshotActivities.Snapshots;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The verbs by which a replica becomes production for good. Each is safe to run twice. */
final class Departure {
  private final ReplicaOperation operation;
  private final ReplicaRequest request;
  private final Replica replica;
  private final Ports ports;
  private final Steps steps;

  Departure(ReplicaOperation operation, ReplicaRequest request) {
    this.operation = operation;
    this.request = request;
    this.replica = request.member().replica();
    this.ports = operation.ports();
    this.steps = operation.steps();
  }

  /** Says what is about to be gone for good, and what stays. */
  void nameTheLoss() {
    String gone = Confirmation.gone(request.member(), RunClock.now());
    Snapshots found =
        steps.step(
            StepKind.NAME_THE_LOSS,
            mandate ->
                ports
                    .snapshots(recoverySite(), "What will be gone of " + replica.name() + "?")
                    .listSnapshots(new ListSnapshots(replica.recovery())),
            seen ->
                new Told(
                    false,
                    0,
                    "%s will be gone; %d bytes that the replica has written are merged and stay"
                        .formatted(gone, seen.unsavedBytes())));
    operation.note("gone for good: %s; undo and failback end with them".formatted(gone));
    operation.note(
        "%d bytes that the replica had written were merged into its disks"
            .formatted(found.unsavedBytes()));
  }

  /** Why production cannot be asked to take its last snapshot of ours away; empty when it can. */
  Optional<String> productionIsAway() {
    return operation.preflight().lookAtProduction().isPresent()
        ? Optional.empty()
        : Optional.of(
            "site '%s' does not answer for %s: snapshots that replication has left there stay, and grow. Bring it back, then retry; or acknowledge, with your name and why."
                .formatted(replica.production().site(), replica.production()));
  }

  /** Takes away at production what an interrupted cycle has left there. */
  void cleanProduction() {
    steps.step(
        StepKind.CLEAN_PRODUCTION,
        this::removeProductionSnapshots,
        Departure::told,
        skipped -> new Done(false, 0));
  }

  private Done removeProductionSnapshots(Mandate mandate) {
    boolean changed = false;
    // Each removal outranks the last attempt of the one before it.
    Supplier<Mandate> mandates = steps.mandates(mandate);
    String site = replica.production().site();
    for (String left :
        ports
            .snapshots(site, "What has replication left at " + replica.name() + "?")
            .listSnapshots(new ListSnapshots(replica.production()))
            .names()) {
      if (left.startsWith(ownSnapshots())) {
        changed |=
            ports
                .snapshots(site, "Remove snapshot " + left + " at production")
                .removeSnapshot(new ChangeSnapshot(mandates.get(), replica.production(), left))
                .changed();
      }
    }
    return new Done(changed, 0);
  }

  /**
   * Lets every restore point go, then removes their snapshots, oldest first, while the replica runs
   * on: what it has written is merged. An interrupted removal goes on with what is left.
   */
  void removeRestorePoints() {
    LetGo going =
        steps.step(
            StepKind.LET_GO,
            mandate ->
                ports
                    .permanentFailover("Let the restore points of " + replica.name() + " go")
                    .letGoRestorePoints(new LetGoRestorePoints(mandate, replica.id())),
            answer -> new Told(true, answer.attempt(), answer.points().size() + " points"));
    operation.result().gone(request.member().points());
    for (String snapshot : snapshotsOf(going.points())) {
      step(
          StepKind.REMOVE_POINT,
          mandate ->
              ports
                  .snapshots(recoverySite(), "Remove " + snapshot + " of " + replica.name())
                  .removeSnapshot(new ChangeSnapshot(mandate, replica.recovery(), snapshot)));
    }
    step(
        StepKind.FORGET_POINTS,
        mandate ->
            ports
                .permanentFailover("Forget the restore points of " + replica.name())
                .forgetLetGoPoints(new ForgetLetGoPoints(mandate, replica.id())));
  }

  /**
   * Snapshots to remove, oldest first: those of the points, and what a cycle has made without
   * living to record it.
   */
  private Set<String> snapshotsOf(List<RestorePoint> points) {
    Set<String> names = new LinkedHashSet<>();
    points.forEach(point -> names.add(point.snapshot()));
    Snapshots there =
        steps.step(
            StepKind.LIST_POINTS,
            mandate ->
                ports
                    .snapshots(recoverySite(), "Which snapshots has " + replica.name() + "?")
                    .listSnapshots(new ListSnapshots(replica.recovery())),
            seen -> new Told(false, 0, seen.names().size() + " snapshots"));
    there.names().stream().filter(name -> name.startsWith(ownSnapshots())).forEach(names::add);
    return names;
  }

  /** Keeps every rule from protecting production again. */
  void excludeProduction() {
    step(
        StepKind.EXCLUDE,
        mandate ->
            ports
                .permanentFailover("Exclude production of " + replica.name() + " from every rule")
                .excludeProduction(
                    new ExcludeProduction(mandate, replica.id(), request.by(), why())));
  }

  /** From now on anybody may power the VM on: it is a VM like any other. */
  void handOver() {
    step(
        StepKind.HAND_OVER,
        mandate ->
            ports
                .placeholders(recoverySite(), "Leave " + replica.name() + " to its site")
                .leaveVm(new ChangeVm(mandate, replica.id(), replica.recovery())));
  }

  private String why() {
    return request.reason().isBlank() ? "permanent failover" : request.reason();
  }

  private String ownSnapshots() {
    return ReplicaOperation.ownSnapshots(replica);
  }

  private String recoverySite() {
    return replica.recovery().site();
  }

  private void step(StepKind kind, java.util.function.Function<Mandate, Done> act) {
    steps.step(kind, act, Departure::told, skipped -> new Done(false, 0));
  }

  private static Told told(Done done) {
    return new Told(done.changed(), done.attempt(), done.changed() ? "" : "was so already");
  }
}
