package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmRef;
import io.switchback.operation.Steps.Told;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.ClaimReplica;
import io.switchback.port.ClaimActivities.HoldReplication;
import io.switchback.port.ClaimActivities.MoveReplica;
import io.switchback.port.ClaimActivities.ReleaseReplica;
import io.switchback.port.ClaimActivities.ResumeReplication;
import io.switchback.port.Done;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.LeaveExtension;
import io.switchback.port.NetworkExtensionActivities.NetworkState;
import io.switchback.port.NetworkExtensionActivities.OpenExtension;
import io.switchback.port.NetworkExtensionActivities.Side;
import io.switchback.port.ReconcileActivities.HeldClaim;
import io.switchback.port.ReconcileActivities.TakeOverReplica;
import io.switchback.port.ReplicationActivities.WakeReplication;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import io.switchback.port.SnapshotActivities.Reverted;
import io.switchback.port.SnapshotActivities.Snapshots;
import io.switchback.port.TransferActivities.FenceOff;
import io.switchback.port.VerifyActivities.CheckResult;
import io.switchback.port.VerifyActivities.Verification;
import io.switchback.port.VerifyActivities.VerifyGuest;
import io.switchback.port.VmActivities.AwaitGuest;
import io.switchback.port.VmActivities.ChangeNetworks;
import io.switchback.port.VmActivities.ChangePower;
import io.switchback.port.VmActivities.GuestReadiness;
import io.switchback.port.VmActivities.LookAtVm;
import io.switchback.port.VmActivities.VmStatus;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of operations over one replica. Each is one step, safe to run twice; retries, parking,
 * fences, progress and audit are around them. Whoever writes the next operation writes lines of
 * these verbs.
 */
final class ReplicaOperation {
  private final Operation operation;
  private final ReplicaRequest request;
  private final Replica replica;
  private final Ports ports;
  private final Audit audit;
  private final StepLog log;
  private final Pager pager;
  private final Steps steps;
  private final ResultBuilder result;
  private final Starting starting;
  private final CancellationScope run;
  private boolean claimed;
  private boolean replicates;
  private boolean roomAsked;
  private boolean applianceAsked;

  ReplicaOperation(Operation operation, ReplicaRequest request) {
    this.operation = operation;
    this.request = request;
    this.replica = request.member().replica();
    this.ports = new Ports(request.pace());
    Errand errand = Errand.of(request);
    this.audit = new Audit(ports, operation, errand);
    this.log = new StepLog(replica.name(), operation.words());
    this.pager = new Pager(ports, operation.words(), errand);
    this.run = CancellationScope.current();
    this.steps =
        new Steps(Procedure.of(operation), errand, audit, log, pager, run::isCancelRequested);
    this.result = new ResultBuilder(request);
    this.starting = new Starting(ports, request);
  }

  /**
   * Runs the steps to one of the only two ends, done or undone, unless a person leaves them to
   * reconcile. A cancel request is an abort: it never tears a step apart, and after a point of no
   * return it waits for the end.
   */
  MemberResult conduct(Runnable body) {
    Workflow.upsertTypedSearchAttributes(
        Attributes.OPERATION.valueSet(operation.words()),
        Attributes.VM.valueSet(replica.name()),
        Attributes.SITE.valueSet(replica.recovery().site()));
    Workflow.newDetachedCancellationScope(
            () -> {
              try {
                doOrUndo(body);
              } catch (LeftForReconcile left) {
                result.outcome(Outcome.LEFT_FOR_RECONCILE).note(left.why());
              }
              audit.finish();
            })
        .run();
    MemberResult end = result.build(steps.overrides(), steps.skipped());
    if (run.isCancelRequested()) {
      // Temporal closes a run that was asked to cancel without its result, however it ended.
      Workflow.newDetachedCancellationScope(() -> pager.ended(end)).run();
    }
    return end;
  }

  private void doOrUndo(Runnable body) {
    try {
      body.run();
      // All is done: a release that was made and not answered must not end in undos without a
      // claim.
      steps.pointOfNoReturn();
      release();
      result.outcome(Outcome.DONE);
    } catch (FaultException refused) {
      result.outcome(Outcome.REFUSED).note(refused.sentence());
    } catch (Aborted aborted) {
      result.outcome(Outcome.ABORTED).note(aborted.why());
      steps.undoAll();
      release();
    }
  }

  // The verbs, in the order in which an operation first needs them.

  /**
   * The VM on that side, as it is found. One that is off is refused: there is nothing to isolate.
   */
  VmRef toBeIsolated(VmSide side) {
    VmRef vm = vmAt(side);
    VmStatus status =
        steps.step(
            StepKind.LOOK_BEFORE_ISOLATING,
            mandate -> {
              VmStatus seen =
                  ports
                      .vms(vm.site(), "Is " + vm.name() + " to be isolated?")
                      .lookAtVm(new LookAtVm(vm));
              if (seen.power() == PowerState.OFF) {
                throw new FaultException(
                    Fault.WRONG_POWER_STATE,
                    "Could not isolate the %s %s: it is off, and cannot be reached anyway. Abort; say \"side\":\"%s\" if you mean the other one."
                        .formatted(side.word(), vm, other(side).word()));
              }
              return seen;
            },
            seen -> new Told(false, 0, words(side, vm) + " is " + seen.power()));
    return status.vm();
  }

  private static VmSide other(VmSide side) {
    return side == VmSide.PRODUCTION ? VmSide.RECOVERY : VmSide.PRODUCTION;
  }

  private static String words(VmSide side, VmRef vm) {
    return side.word() + " " + vm;
  }

  void isolate(VmSide side, VmRef vm) {
    plug(
        StepKind.ISOLATE,
        side,
        vm,
        mandate ->
            ports
                .vms(vm.site(), "Take " + words(side, vm) + " off its networks")
                .isolateVm(new ChangeNetworks(mandate, vm)));
    note(words(side, vm) + " is off its networks");
  }

  /** Puts a VM back on the networks that it was taken off. */
  void reconnect(VmSide side, VmRef vm) {
    plug(
        StepKind.RECONNECT,
        side,
        vm,
        mandate ->
            ports
                .vms(vm.site(), "Put " + words(side, vm) + " back on its networks")
                .reconnectVm(new ChangeNetworks(mandate, vm)));
    note(words(side, vm) + " is on its networks");
  }

  /** The audit names the side: what is isolated is shown from it, for as long as it is. */
  private void plug(StepKind kind, VmSide side, VmRef vm, Function<Mandate, Done> act) {
    steps.step(
        kind,
        act,
        done -> new Told(done.changed(), done.attempt(), words(side, vm)),
        skipped -> new Done(false, 0));
  }

  /** The side that is meant when none is named. */
  VmSide usualSide() {
    return VmSide.meant("", request.member().state());
  }

  VmRef vmAt(VmSide side) {
    return side == VmSide.PRODUCTION ? replica.production() : replica.recovery();
  }

  void claim() {
    WorkflowInfo run = Workflow.getInfo();
    RestorePoint chosen = request.member().restorePoint();
    Claim claim =
        steps.claim(
            StepKind.CLAIM,
            mandate ->
                ports
                    .claims("Claim " + replica.name())
                    .claimReplica(
                        new ClaimReplica(
                            request.operationId(),
                            operation,
                            replica.id(),
                            run.getWorkflowId(),
                            run.getRunId(),
                            request.by(),
                            chosen == null ? null : chosen.id())),
            Claim::fence,
            c -> new Told(true, c.attempt(), "was " + c.from()));
    claimed = true;
    result.state(claim.from());
  }

  /** Takes the replica over from an operation whose run is gone; that one is fenced off by it. */
  void takeOver(HeldClaim dead) {
    WorkflowInfo run = Workflow.getInfo();
    var _ =
        steps.claim(
            StepKind.TAKE_OVER,
            mandate ->
                ports
                    .reconcile("Take over " + replica.name())
                    .takeOverReplica(
                        new TakeOverReplica(
                            request.operationId(),
                            replica.id(),
                            dead.operationId(),
                            dead.epoch(),
                            run.getWorkflowId(),
                            run.getRunId(),
                            request.by())),
            Claim::fence,
            c -> new Told(true, c.attempt(), "from " + dead.operation().words()));
    claimed = true;
    // Whoever gave up now would leave the replica as the dead run has left it.
    steps.pointOfNoReturn();
  }

  void holdReplication() {
    hold();
    fenceOff();
  }

  void hold() {
    step(
        StepKind.HOLD,
        mandate ->
            ports
                .claims("Hold replication of " + replica.name())
                .holdReplication(new HoldReplication(mandate, replica.id(), operation.words())));
  }

  void fenceOff() {
    step(
        StepKind.FENCE_OFF,
        mandate ->
            ports
                .fences(recoverySite(), "Fence off a running cycle of " + replica.name())
                .fenceOff(new FenceOff(mandate, replica)));
  }

  void resumeReplication() {
    step(
        StepKind.RESUME,
        mandate ->
            ports
                .claims("Resume replication of " + replica.name())
                .resumeReplication(new ResumeReplication(mandate, replica.id())));
    replicates = true;
  }

  void check(String check, Supplier<Optional<String>> finding) {
    steps.check(check, finding);
  }

  /**
   * What the recovery site wants to start the replica. Asked first, it answers what the run over
   * all has found for all its replicas together; asked again, it looks for this one alone.
   */
  Optional<String> wantOfRoom() {
    String found = roomAsked ? null : request.found().get(Checks.NO_ROOM);
    boolean again = roomAsked;
    roomAsked = true;
    return again
        ? new RoomPreflight(ports, this::note).finding(recoverySite(), List.of(replica))
        : Optional.ofNullable(found);
  }

  /**
   * Whether the recovery site lacks the appliance that is to extend networks. Asked first, it
   * answers what the run over all has found; asked again, it looks anew.
   */
  Optional<String> wantOfAppliance() {
    String found = applianceAsked ? null : request.found().get(Checks.APPLIANCE_MISSING);
    boolean again = applianceAsked;
    applianceAsked = true;
    return again
        ? new AppliancePreflight(ports, this::note).finding(recoverySite(), request.appliance())
        : Optional.ofNullable(found);
  }

  /** What was done to the replica by hand since replication wrote it last. */
  Optional<String> changedByHand() {
    return new DriftCheck(ports, request, this::note).finding();
  }

  /**
   * What production's hypervisor says; empty when it cannot be asked, which a disaster makes
   * normal.
   */
  Optional<VmStatus> lookAtProduction() {
    String site = replica.production().site();
    try {
      return Optional.of(
          ports
              .vmsIfReachable(site, "Does " + replica.name() + " still run at " + site + "?")
              .lookAtVm(new LookAtVm(replica.production())));
    } catch (ActivityFailure unreachable) {
      note(
          "production could not be asked whether it still runs: "
              + Failures.toFault(unreachable).sentence());
      return Optional.empty();
    }
  }

  /**
   * What the recovery site's hypervisor says of a replica that nobody may run now. One that was
   * powered on by hand is reported, never overwritten.
   */
  VmStatus lookAtStoppedReplica() {
    return steps.step(
        StepKind.LOOK,
        mandate -> {
          VmStatus status =
              ports
                  .vms(recoverySite(), "Look at the replica of " + replica.name())
                  .lookAtVm(new LookAtVm(replica.recovery()));
          if (status.power() != PowerState.OFF) {
            throw new FaultException(
                Fault.WRONG_POWER_STATE,
                "Could not go on with %s: it is %s, and nothing of Switchback powered it on. Power it off, then retry; or abort, and adopt it."
                    .formatted(status.vm(), status.power()));
          }
          return status;
        },
        status -> new Told(false, 0, "is " + status.power()));
  }

  /**
   * What the recovery site's hypervisor says of a replica that somebody has powered on by hand, and
   * from which restore point it runs.
   */
  VmStatus lookAtRunningReplica() {
    Snapshots[] seen = new Snapshots[1];
    VmStatus status =
        steps.step(
            StepKind.LOOK_AT_RUNNING,
            mandate -> {
              VmStatus now =
                  ports
                      .vms(recoverySite(), "Look at the replica of " + replica.name())
                      .lookAtVm(new LookAtVm(replica.recovery()));
              if (now.power() == PowerState.OFF) {
                throw new FaultException(
                    Fault.WRONG_POWER_STATE,
                    "Could not adopt %s: it is off. Abort, and fail it over instead."
                        .formatted(now.vm()));
              }
              seen[0] =
                  ports
                      .snapshots(recoverySite(), "What does " + replica.name() + " run from?")
                      .listSnapshots(new ListSnapshots(replica.recovery()));
              return now;
            },
            now -> new Told(false, 0, "is " + now.power()));
    note(runsFrom(requireNonNull(seen[0])));
    return status;
  }

  private String runsFrom(Snapshots seen) {
    RestorePoint newest = request.member().newest();
    if (newest != null && newest.snapshot().equals(seen.current())) {
      return "runs from restore point %s, and has %d bytes on top of it"
          .formatted(newest.id(), seen.unsavedBytes());
    }
    return "runs from snapshot '%s', which is not its newest restore point; %d bytes are on top of it"
        .formatted(seen.current(), seen.unsavedBytes());
  }

  /** Waits for the guest of a running replica, extends its networks and verifies it. */
  void serve() {
    GuestReadiness guest = awaitGuest();
    openExtension(Side.RECOVERY);
    openExtension(Side.PRODUCTION);
    verify(guest);
  }

  /** Bytes that the replica has written since its restore point and would lose by a revert. */
  long unsavedBytes() {
    return steps
        .step(
            StepKind.MEASURE_DELTA,
            mandate ->
                ports
                    .snapshots(recoverySite(), "What would be discarded of " + replica.name() + "?")
                    .listSnapshots(new ListSnapshots(replica.recovery())),
            found -> new Told(false, 0, found.unsavedBytes() + " bytes would be discarded"),
            skipped -> new Snapshots(List.of(), "", 0))
        .unsavedBytes();
  }

  void revert(RestorePoint point) {
    Reverted reverted =
        steps.step(
            StepKind.REVERT,
            mandate ->
                ports
                    .snapshots(recoverySite(), "Revert " + replica.name() + " to " + point.id())
                    .revertToSnapshot(
                        new ChangeSnapshot(mandate, replica.recovery(), point.snapshot())),
            r -> new Told(r.changed(), r.attempt(), "at " + point.id()));
    result.discarded(reverted.discardedBytes());
  }

  /** Powers the replica on, once the site has room for one more starting VM. */
  void powerOn() {
    step(
        StepKind.POWER_ON,
        mandate -> {
          steps.await(starting::begin);
          return starting.whilePoweringOn(
              () ->
                  ports
                      .vms(recoverySite(), "Power on " + replica.name())
                      .powerOnVm(new ChangePower(mandate, replica.recovery())));
        });
  }

  void powerOff() {
    step(
        StepKind.POWER_OFF,
        mandate ->
            ports
                .vms(recoverySite(), "Power off " + replica.name())
                .powerOffVm(new ChangePower(mandate, replica.recovery())));
  }

  void moveTo(ReplicaState state) {
    step(
        moveStep(state),
        mandate ->
            ports
                .claims(replica.name() + " is " + state)
                .moveReplica(new MoveReplica(mandate, replica.id(), state)));
    result.state(state);
    pager.phase(state.toString());
  }

  /** Waits for the guest; its place among the starting ones is free afterwards, ready or not. */
  GuestReadiness awaitGuest() {
    GuestReadiness guest =
        steps.step(
            StepKind.AWAIT_GUEST,
            mandate ->
                starting.during(
                    () ->
                        ports
                            .guests(recoverySite(), "Wait for the guest of " + replica.name())
                            .awaitGuest(
                                new AwaitGuest(replica.recovery(), request.pace().bootLimit()))),
            g -> new Told(g.ready(), g.attempt(), g.detail()),
            skipped -> new GuestReadiness(false, words(skipped), null, 0));
    leaveStarting();
    result.ready(guest.ready(), now());
    if (!guest.ready()) {
      result.note("not verified: " + guest.detail());
    }
    return guest;
  }

  /** Gives up the place among the starting VMs. */
  void leaveStarting() {
    starting.end();
  }

  void openExtension(Side side) {
    String site = side == Side.RECOVERY ? recoverySite() : replica.production().site();
    NetworkState state =
        steps.step(
            side == Side.RECOVERY
                ? StepKind.OPEN_EXTENSION_RECOVERY
                : StepKind.OPEN_EXTENSION_PRODUCTION,
            mandate ->
                ports
                    .extension(recoverySite(), "Extend networks of " + replica.name() + ", " + site)
                    .openExtension(new OpenExtension(mandate, replica, side)),
            s -> new Told(true, s.attempt(), s.condition() + ": " + s.detail()),
            skipped -> new NetworkState(side, Condition.DEGRADED, words(skipped), 0));
    result.network(state);
  }

  void leaveExtension() {
    step(
        StepKind.LEAVE_EXTENSION,
        mandate ->
            ports
                .extension(recoverySite(), "Leave the network extension of " + replica.name())
                .leaveExtension(new LeaveExtension(mandate, replica)));
  }

  void verify(GuestReadiness guest) {
    Verification verification =
        steps.step(
            StepKind.VERIFY,
            mandate ->
                ports
                    .verify(recoverySite(), "Verify " + replica.name())
                    .verifyGuest(
                        new VerifyGuest(
                            replica.recovery(), guest.serviceAddress(), request.member().checks())),
            v -> new Told(v.passed(), v.attempt(), v.passed() ? "passed" : "not passed"),
            skipped ->
                new Verification(
                    List.of(new CheckResult(skipped.step(), false, words(skipped), Duration.ZERO)),
                    0));
    result.verification(guest.ready(), verification);
  }

  /** Registers, before the act, what puts it back. */
  void undo(Runnable undo) {
    steps.undo(undo);
  }

  /** Notes a sentence for the result. */
  void note(String sentence) {
    result.note(sentence);
  }

  Steps steps() {
    return steps;
  }

  /** Takes a person's answer; the validator has let it through. */
  String answer(@Nullable Answer answer) {
    steps.validate(answer);
    steps.take(requireNonNull(answer));
    return replica.name() + ": " + answer.answer();
  }

  ReplicaStatus status() {
    return log.status();
  }

  /** The last step of an operation that has no claim to release, or whose claim ends with it. */
  void endWith(StepKind kind, Function<Mandate, Done> act) {
    step(kind, act);
    claimed = false;
  }

  /** The result tells of a VM that is no longer protected. */
  void isGone() {
    result.state(null);
  }

  Ports ports() {
    return ports;
  }

  private void release() {
    if (!claimed) {
      return;
    }
    step(
        StepKind.RELEASE,
        mandate ->
            ports
                .claims("Release " + replica.name())
                .releaseReplica(new ReleaseReplica(mandate, replica.id())));
    if (replicates) {
      wakeReplication();
    }
  }

  /**
   * Replication looks at its hold only now and then; this lets it look at once. It looks by itself
   * later, so nobody parks for it.
   */
  void wakeReplication() {
    try {
      ports
          .replication("Wake replication of " + replica.name())
          .wakeReplication(new WakeReplication(replica.id(), replica.name()));
    } catch (ActivityFailure looksLater) {
      Workflow.getLogger(ReplicaOperation.class)
          .warn("replication was not woken, vm={}", replica.name());
    }
  }

  void step(StepKind kind, Function<Mandate, Done> act) {
    steps.step(
        kind,
        act,
        done -> new Told(done.changed(), done.attempt(), done.changed() ? "" : "was so already"),
        skipped -> new Done(false, 0));
  }

  private static StepKind moveStep(ReplicaState state) {
    return switch (state) {
      case FAILOVER -> StepKind.MOVE_TO_FAILOVER;
      case READY -> StepKind.MOVE_TO_READY;
      case PERMANENT -> StepKind.MOVE_TO_PERMANENT;
      default -> throw new IllegalArgumentException("no operation moves a replica to " + state);
    };
  }

  private static String words(SkippedStep skipped) {
    return "%s: skipped by %s, %s".formatted(skipped.consequence(), skipped.by(), skipped.reason());
  }

  private String recoverySite() {
    return replica.recovery().site();
  }

  ResultBuilder result() {
    return result;
  }

  static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
