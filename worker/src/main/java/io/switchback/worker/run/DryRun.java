package io.switchback.worker.run;

import static io.switchback.operation.Checks.PRODUCTION_STILL_RUNS;

import io.switchback.lifecycle.Lifecycle;
import io.switchback.lifecycle.Operation;
import io.switchback.model.CheckOverride;
import io.switchback.model.Pace;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmSide;
import io.switchback.operation.Confirmation;
import io.switchback.operation.FailbackAsked;
import io.switchback.operation.FailbackInput;
import io.switchback.operation.NewLocation;
import io.switchback.operation.OperationRequest;
import io.switchback.operation.Procedure;
import io.switchback.operation.SideOfReplicaRequest;
import io.switchback.operation.Twin;
import io.switchback.operation.UndoFailbackInput;
import io.switchback.operation.VmField;
import io.switchback.port.CatalogueActivities;
import io.switchback.port.CatalogueActivities.Member;
import io.switchback.port.CatalogueActivities.Resolution;
import io.switchback.port.CatalogueActivities.Resolve;
import io.switchback.port.SnapshotActivities.Snapshots;
import io.switchback.port.VmActivities.VmStatus;
import io.switchback.port.WatchActivities;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.Preview.VmPreview;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says what a run would do, by the same look-ups that the run begins with. Changes nothing. */
public final class DryRun {
  /** Operations that start replicas, for which there must be room. */
  private static final Set<Operation> STARTING =
      EnumSet.of(
          Operation.PARTIAL_FAILOVER, Operation.PLANNED_FAILOVER, Operation.FULL_SITE_FAILOVER);

  private final CatalogueActivities catalogue;
  private final RoomPreview room;
  private final LocationPreview locations;
  private final SiteLooks sites;
  private final InstantSource clock;

  public DryRun(
      CatalogueActivities catalogue,
      WatchActivities watch,
      LocationPreview locations,
      SiteLooks sites,
      InstantSource clock) {
    this.locations = locations;
    this.catalogue = catalogue;
    this.room = new RoomPreview(watch, sites);
    this.sites = sites;
    this.clock = clock;
  }

  /**
   * Finds what an input means.
   *
   * @throws Refusal with every mistake, such as an unknown VM or a state that forbids the operation
   */
  public static Resolution resolve(CatalogueActivities catalogue, RunRequest request) {
    if (!request.operation().isOverReplicas(request.input())) {
      return new Resolution(List.of(), Pace.DEFAULT, List.of());
    }
    Resolution resolution =
        catalogue.resolve(
            new Resolve(
                request.operation().meant(request.input()),
                request.operationId(),
                request.read().vms()));
    if (!resolution.mistakes().isEmpty()) {
      throw Refusal.usage(OperationRequest.invalid(resolution.mistakes()).sentence());
    }
    return resolution;
  }

  /**
   * What the run would do.
   *
   * @throws Refusal with every mistake in the input
   */
  public Preview of(RunRequest request) {
    Resolution resolution = resolve(catalogue, request);
    List<VmPreview> vms = resolution.members().stream().map(member -> of(member, request)).toList();
    List<String> notes = new ArrayList<>(resolution.warnings());
    if (STARTING.contains(request.operation().operation())) {
      notes.addAll(
          room.notes(resolution.members().stream().map(Member::replica).toList(), request.read()));
    }
    return new Preview(request.operation().type(), request.workflowId(), vms, notes);
  }

  private VmPreview of(Member member, RunRequest request) {
    Operation operation = request.operation().meant(request.input());
    boolean chooses = request.operation().takes().contains(VmField.RESTORE_POINT);
    RestorePoint point = chooses ? member.restorePoint() : member.newest();
    List<String> notes = new ArrayList<>();
    Long discarded = operation == Operation.UNDO_FAILOVER ? discarded(member, notes) : null;
    if (operation == Operation.PERMANENT_FAILOVER) {
      notes.addAll(loss(member));
    }
    if (operation == Operation.ISOLATE || operation == Operation.RECONNECT) {
      notes.add(side(member, request));
    }
    if (operation == Operation.PLANNED_FAILOVER) {
      notes.add(
          "makes two restore points more, and fails over to the second one; production at site '%s' is shut down in between"
              .formatted(member.replica().production().site()));
    }
    if (operation == Operation.MOVE_SWITCH) {
      notes.add(
          "nothing is switched now: the replica serves on until %s. Only a switch that is scheduled has a time to move"
              .formatted(request.input().path("at").asString()));
    }
    if (request.operation() == StartableOperation.FAILBACK) {
      FailbackAsked asked = FailbackInput.asked(request.input());
      NewLocation location = asked.location();
      if (location != null) {
        notes.addAll(locations.notes(member.replica(), location, asked));
      }
    }
    if (operation == Operation.UNDO_FAILBACK) {
      notes.add(
          UndoFailbackInput.removesVm(request.input())
              ? "a VM that the failback has made is removed, with all that it wrote"
              : "a VM that the failback has made stays, off and with all that it wrote; \"removeVm\":true removes it");
    }
    if (operation == Operation.PARTIAL_FAILOVER || operation == Operation.FULL_SITE_FAILOVER) {
      notes.addAll(twin(member, request.read()));
    }
    return new VmPreview(
        member.replica().name(),
        member.replica().id(),
        member.replica().production(),
        member.replica().recovery(),
        member.state(),
        Lifecycle.of(operation).to(),
        point,
        age(point),
        discarded,
        steps(request.operation().procedure(request.input())),
        notes);
  }

  private static String side(Member member, RunRequest request) {
    boolean isSaid = request.input().path("side").isString();
    VmSide side =
        VmSide.named(request.input().path("side").asString(""))
            .orElse(SideOfReplicaRequest.usual(member.state()));
    return "the %s %s is meant%s"
        .formatted(
            side.word(),
            side == VmSide.PRODUCTION ? member.replica().production() : member.replica().recovery(),
            isSaid
                ? ""
                : ", because the replica is " + member.state() + "; \"side\" names the other one");
  }

  private static List<String> steps(Procedure procedure) {
    return procedure.steps().stream()
        .map(
            step ->
                step == procedure.pointOfNoReturn()
                    ? step.words() + ": no way back from here"
                    : step.words())
        .toList();
  }

  private @Nullable Double age(@Nullable RestorePoint point) {
    Instant now = clock.instant();
    return point == null ? null : Duration.between(point.takenAt(), now).toMillis() / 1000.0;
  }

  /**
   * Refuses what would be gone for good and is not confirmed.
   *
   * @throws Refusal that names everything, when a VM is not confirmed
   */
  public static void refuseUnconfirmed(Resolution resolution, InstantSource clock) {
    Confirmation.refusal(resolution.members(), clock.instant())
        .ifPresent(
            refusal -> {
              throw Refusal.usage(refusal);
            });
  }

  private List<String> loss(Member member) {
    String sentence = Confirmation.sentence(member);
    return List.of(
        "gone for good: %s; undo and failback end with them"
            .formatted(Confirmation.gone(member, clock.instant())),
        sentence.equals(member.asked().confirm().strip())
            ? "confirmed"
            : "needs the confirmation {\"name\":\"%s\",\"confirm\":\"%s\"}"
                .formatted(member.asked().name(), sentence));
  }

  private @Nullable Long discarded(Member member, List<String> notes) {
    Optional<Snapshots> snapshots = sites.snapshots(member.replica().recovery());
    if (snapshots.isEmpty()) {
      notes.add(
          "site '%s' cannot be asked from here how much would be discarded; the run says so before its point of no return"
              .formatted(member.replica().recovery().site()));
      return null;
    }
    return snapshots.get().unsavedBytes();
  }

  /** Whether the run would find production still running at the replica's address. */
  private List<String> twin(Member member, OperationRequest request) {
    Optional<VmStatus> production = sites.look(member.replica().production());
    Optional<VmStatus> replica = sites.look(member.replica().recovery());
    if (production.isEmpty()) {
      return List.of(
          "site '%s' cannot be asked from here whether production still runs; the run asks again"
              .formatted(member.replica().production().site()));
    }
    Optional<String> shared =
        Twin.serves(production.get())
            ? Twin.shared(
                replica.map(VmStatus::addresses).orElse(List.of()), production.get().addresses())
            : Optional.empty();
    if (shared.isEmpty()) {
      return List.of();
    }
    String found =
        "production still runs and answers to %s, as the replica would".formatted(shared.get());
    return List.of(
        request.overrides().stream()
            .filter(override -> override.check().equals(PRODUCTION_STILL_RUNS))
            .findFirst()
            .map(override -> goesOn(found, override))
            .orElse(
                found
                    + ": the run would park before the revert. Power production off, or give an"
                    + " override of "
                    + PRODUCTION_STILL_RUNS));
  }

  private static String goesOn(String found, CheckOverride override) {
    return "%s; overridden by %s: %s".formatted(found, override.by(), override.reason());
  }
}
