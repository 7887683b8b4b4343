package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.PERMANENT;
import static io.switchback.lifecycle.ReplicaState.READY;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Replica;
import io.switchback.model.Undoable;
import io.switchback.model.VmRef;
import io.switchback.model.VmSide;
import io.switchback.operation.Steps.Told;
import io.switchback.port.NetworkPairActivities.LookAtNetworks;
import io.switchback.port.ReconcileActivities.DescribeClaim;
import io.switchback.port.ReconcileActivities.HeldClaim;
import io.switchback.port.ReconcileActivities.RegistryView;
import io.switchback.port.RunActivities.Liveness;
import io.switchback.port.RunActivities.LookAtRun;
import io.switchback.port.RunActivities.RunView;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import io.switchback.port.SnapshotActivities.Snapshots;
import io.switchback.port.VmActivities.LookAtVm;
import io.switchback.port.VmActivities.VmStatus;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The verbs by which a claim that nobody works on is looked at and settled. */
final class Settlement {
  private final ReplicaOperation operation;
  private final ReplicaRequest request;
  private final Replica replica;
  private final Ports ports;
  private final Departure departure;
  private final FailbackSettlement failback;

  Settlement(ReplicaOperation operation, ReplicaRequest request) {
    this.operation = operation;
    this.request = request;
    this.replica = request.member().replica();
    this.ports = operation.ports();
    this.departure = new Departure(operation, request);
    this.failback = new FailbackSettlement(operation, request);
  }

  /**
   * Looks at everything, side by side. Changes nothing.
   *
   * @throws FaultException REFUSED when the run that made the claim lives; whatever keeps the
   *     registry or the recovery site from answering
   */
  Observation observe() {
    try {
      Observation seen = look();
      RunView run = seen.run();
      HeldClaim claim = seen.registry().claim();
      if (claim != null && run != null && run.liveness() == Liveness.LIVE) {
        throw new FaultException(
            Fault.REFUSED,
            "Could not reconcile '%s': the run of '%s' lives (%s). Answer it, or abort it."
                .formatted(replica.name(), claim.operation().words(), run.detail()));
      }
      return seen;
    } catch (ActivityFailure unanswered) {
      throw Failures.toFault(unanswered);
    }
  }

  private Observation look() {
    RegistryView registry =
        ports
            .reconcile("What does the registry say of " + replica.name() + "?")
            .describeClaim(new DescribeClaim(replica.id()));
    HeldClaim claim = registry.claim();
    RunView run = claim == null ? null : run(claim);
    VmStatus vm = lookAtReplica();
    return new Observation(
        registry,
        run,
        vm,
        vm == null
            ? new Snapshots(List.of(), "", 0)
            : ports
                .snapshots(recoverySite(), "What does " + replica.name() + " stand on?")
                .listSnapshots(new ListSnapshots(replica.recovery())),
        operation.preflight().lookAtProduction(),
        ports
            .networkPairs("Are networks extended for " + replica.name() + "?")
            .lookAtNetworks(new LookAtNetworks(replica.id(), List.of())),
        claim == null || !FailbackWays.areFor(claim.settles())
            ? null
            : TargetSeen.look(ports, replica, operation::note));
  }

  /** Null when it is gone: an operation that was to remove it may have done so. */
  private @Nullable VmStatus lookAtReplica() {
    try {
      return ports
          .vms(recoverySite(), "What does the hypervisor say of " + replica.name() + "?")
          .lookAtVm(new LookAtVm(replica.recovery()));
    } catch (ActivityFailure failure) {
      if (Failures.toFault(failure).fault() == Fault.VM_NOT_FOUND) {
        return null;
      }
      throw failure;
    }
  }

  private RunView run(HeldClaim claim) {
    return ports
        .runs("Is the run that holds " + replica.name() + " over?")
        .lookAtRun(new LookAtRun(claim.workflowId(), claim.runId(), Workflow.getInfo().getRunId()));
  }

  /** Shows what was seen, in the result. */
  void show(Observation seen) {
    operation.result().state(seen.registry().state());
    operation.result().reconciliation(seen.told(Ways.of(seen)));
  }

  /**
   * The claim to settle.
   *
   * @throws FaultException REFUSED when the chosen way does not fit, with those that do
   */
  HeldClaim fitting(String choose, Observation seen) {
    HeldClaim claim = seen.registry().claim();
    if (claim == null) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not %s '%s': no operation holds it, so there is nothing to settle."
              .formatted(choose, replica.name()));
    }
    refuseUnlessFits(choose, seen, Fault.REFUSED);
    return claim;
  }

  private void refuseUnlessFits(String choose, Observation seen, Fault fault) {
    List<Way> ways = Ways.of(seen);
    if (ways.stream().noneMatch(way -> way.choose().equals(choose))) {
      throw new FaultException(
          fault,
          "'%s' does not fit '%s' as it is now. What does: %s."
              .formatted(
                  choose,
                  replica.name(),
                  ways.isEmpty()
                      ? "nothing that this build knows"
                      : ways.stream()
                          .map(way -> "'" + way.choose() + "' (" + way.effect() + ")")
                          .collect(joining("; "))));
    }
  }

  /** Looks again, now that nobody else can change it, whether the way still fits. */
  Observation observeAgain(String choose) {
    return operation
        .steps()
        .step(
            StepKind.OBSERVE,
            mandate -> {
              Observation seen = look();
              refuseUnlessFits(choose, seen, Fault.CHECK_FAILED);
              return seen;
            },
            seen -> new Told(false, 0, seen.told(List.of()).hypervisor()));
  }

  /** Does what was chosen. */
  void settle(HeldClaim claim, String choose, Observation seen) {
    if (Ways.areLeftWithNothing(seen)) {
      goOnIn(seen.registry().state());
      return;
    }
    switch (claim.settles()) {
      case PARTIAL_FAILOVER, PLANNED_FAILOVER, FULL_SITE_FAILOVER -> settleFailover(choose, seen);
      case UNDO_FAILOVER -> settleUndo(choose, seen);
      case PERMANENT_FAILOVER -> settlePermanent(choose);
      case ADOPT -> settleAdoption(choose);
      case UNPROTECT -> settleUnprotection(choose, seen);
      case ISOLATE, RECONNECT -> settleIsolation(claim, choose);
      case MOVE_SWITCH -> new ScheduledSwitch(operation, request).start();
      case FAILBACK,
          FAILBACK_LATER,
          SWITCH_OVER,
          RESYNCHRONISE,
          CANCEL_FAILBACK,
          COMMIT_FAILBACK,
          UNDO_FAILBACK ->
          failback.settle(claim, choose, seen);
      default -> {
        // A change of the registry alone: it was made, or not, in one update.
      }
    }
  }

  private void settleUnprotection(String choose, Observation seen) {
    ReplicaState state = seen.registry().state();
    if (choose.equals(Way.ROLL_BACK)) {
      if (Drifts.serves(state) && !seen.runs()) {
        refuseTwin(seen);
        operation.vm().powerOn();
        operation.vm().serve();
      }
      goOnIn(state);
      return;
    }
    new EndOfProtection(operation, replica).finish(state == ReplicaState.FAILBACK);
  }

  private void settleIsolation(HeldClaim claim, String choose) {
    VmSide side = claim.side() == null ? SideOfReplicaRequest.usual(claim.from()) : claim.side();
    VmRef vm = operation.networks().vmAt(side);
    if (choose.equals(Way.ADOPT)) {
      return;
    }
    if (claim.settles() == Operation.ISOLATE && choose.equals(Way.ROLL_FORWARD)) {
      operation.networks().isolate(side, vm);
    } else {
      operation.networks().reconnect(side, vm);
    }
  }

  private void goOnIn(ReplicaState state) {
    if (Drifts.isHeld(state)) {
      operation.hold();
    } else {
      operation.resumeReplication();
    }
  }

  private void settleFailover(String choose, Observation seen) {
    switch (choose) {
      case Way.ROLL_FORWARD -> {
        operation.hold();
        refuseTwin(seen);
        if (!seen.runs() && seen.registry().state() != FAILOVER) {
          operation.vm().revert(requireNonNull(seen.chosen()));
        }
        operation.vm().powerOn();
        operation.moveTo(FAILOVER);
        operation.vm().serve();
        operation.window().open(Undoable.FAILOVER);
      }
      case Way.ROLL_BACK -> becomeReady(seen);
      default -> {
        acceptAsItRuns();
        operation.window().open(Undoable.FAILOVER);
      }
    }
  }

  private void settleUndo(String choose, Observation seen) {
    switch (choose) {
      case Way.ROLL_FORWARD -> becomeReady(seen);
      case Way.ROLL_BACK -> {
        operation.hold();
        refuseTwin(seen);
        operation.vm().powerOn();
        operation.moveTo(FAILOVER);
        operation.vm().serve();
      }
      default -> acceptAsItRuns();
    }
  }

  /** Parks for a person's word before a replica that is off would start beside its production. */
  private void refuseTwin(Observation seen) {
    if (!seen.runs()) {
      operation.check(
          Checks.PRODUCTION_STILL_RUNS,
          () -> operation.guard().besideReplica(requireNonNull(seen.replica())));
    }
  }

  private void settlePermanent(String choose) {
    if (choose.equals(Way.ROLL_BACK)) {
      acceptAsItRuns();
      return;
    }
    departure.removeRestorePoints();
    departure.excludeProduction();
    operation.moveTo(PERMANENT);
    operation.resumeReplication();
    departure.handOver();
  }

  private void settleAdoption(String choose) {
    if (choose.equals(Way.ROLL_FORWARD)) {
      operation.hold();
      operation.moveTo(FAILOVER);
      operation.vm().serve();
      return;
    }
    operation.networks().leaveExtension();
    operation.moveTo(READY);
    operation.resumeReplication();
  }

  private void becomeReady(Observation seen) {
    operation.vm().powerOff();
    operation.vm().revert(requireNonNull(seen.newest()));
    operation.networks().leaveExtension();
    if (operation.hasShutDownProduction()) {
      operation.production().powerOn();
    }
    operation.moveTo(READY);
    operation.resumeReplication();
  }

  private void acceptAsItRuns() {
    operation.hold();
    operation.moveTo(FAILOVER);
  }

  private String recoverySite() {
    return replica.recovery().site();
  }

  @Nullable String choice() {
    String asked = request.member().asked().choose().strip();
    return asked.isEmpty() ? null : asked;
  }
}
