package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.VmSide;
import io.switchback.operation.Steps.Told;
import io.switchback.port.ClaimActivities.HoldReplication;
import io.switchback.port.ClaimActivities.MoveReplica;
import io.switchback.port.ClaimActivities.ReleaseReplica;
import io.switchback.port.ClaimActivities.ResumeReplication;
import io.switchback.port.Done;
import io.switchback.port.ReconcileActivities.HeldClaim;
import io.switchback.port.ReplicationActivities.WakeReplication;
import io.switchback.port.TransferActivities.FenceOff;
import io.switchback.port.TransferActivities.Progress;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An operation over one replica, and the verbs that it has towards the registry; those on the VM,
 * on networks and of the pre-flight are in classes of their own. Each is one step, safe to run
 * twice; retries, parking, fences, progress and audit are around them. Whoever writes the next
 * operation writes lines of these verbs.
 */
final class ReplicaOperation {
  private final Operation operation;
  private final Replica replica;
  private final Ports ports;
  private final Audit audit;
  private final StepLog log;
  private final Pager pager;
  private final Steps steps;
  private final ResultBuilder result;
  private final ReplicaVm vm;
  private final ReplicaNetworks networks;
  private final ReplicaPreflight preflight;
  private final AddressGuard guard;
  private final ProductionVm production;
  private final ReplicaWindow window;
  private final CancellationScope run;
  private final ReplicaClaim claim;
  private boolean replicates;

  ReplicaOperation(Operation operation, ReplicaRequest request) {
    this.operation = operation;
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
    this.vm = new ReplicaVm(this, request);
    this.networks = new ReplicaNetworks(this, replica);
    this.preflight = new ReplicaPreflight(this, request);
    this.guard = new AddressGuard(this, request);
    this.production = new ProductionVm(this, request);
    this.window = new ReplicaWindow(this, request);
    this.claim = new ReplicaClaim(operation, request, ports, steps, window);
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

  void claim() {
    claim(null);
  }

  /** The same for an operation on one of the two VMs. */
  void claim(@Nullable VmSide side) {
    claim.take(side);
    result.state(claim.cameFrom());
    window.leaveUnlessDue();
  }

  /** The state that the replica was in when it was claimed. */
  ReplicaState cameFrom() {
    return claim.cameFrom();
  }

  /** Takes the replica over from an operation whose run is gone; that one is fenced off by it. */
  void takeOver(HeldClaim dead) {
    claim.takeOver(dead);
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

  /** Registers, before the act, what puts it back. */
  void undo(Runnable undo) {
    steps.undo(undo);
  }

  /** Notes a sentence for the result. */
  void note(String sentence) {
    result.note(sentence);
  }

  /** The verbs on the replica's VM. */
  ReplicaVm vm() {
    return vm;
  }

  ReplicaNetworks networks() {
    return networks;
  }

  /** The verbs on the production VM. */
  ProductionVm production() {
    return production;
  }

  /** The verbs on the window at whose end the replica's failover or failback ends. */
  ReplicaWindow window() {
    return window;
  }

  /** Whether a planned failover has shut production down that ran before. */
  boolean hasShutDownProduction() {
    return claim.hasShutDownProduction();
  }

  ReplicaPreflight preflight() {
    return preflight;
  }

  /** What asks, before a VM is powered on, whether its twin still runs. */
  AddressGuard guard() {
    return guard;
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

  /** Shows how far a transfer is that the run waits for. */
  void progressed(Progress news) {
    log.progressed(news.words());
  }

  /** The last step of an operation that has no claim to release, or whose claim ends with it. */
  void endWith(StepKind kind, Function<Mandate, Done> act) {
    step(kind, act);
    claim.ended();
  }

  /** The result tells of a VM that is no longer protected. */
  void isGone() {
    result.state(null);
  }

  Ports ports() {
    return ports;
  }

  private void release() {
    if (!claim.isHeld()) {
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
    window.wake();
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
      case READY_TO_SWITCH -> StepKind.MOVE_TO_READY_TO_SWITCH;
      case FAILBACK -> StepKind.MOVE_TO_FAILBACK;
      default -> throw new IllegalArgumentException("no operation moves a replica to " + state);
    };
  }

  /** How the names of all snapshots begin that Switchback makes for the replica. */
  static String ownSnapshots(Replica replica) {
    return "switchback-" + replica.id() + "-";
  }

  static String words(SkippedStep skipped) {
    return "%s: skipped by %s, %s".formatted(skipped.consequence(), skipped.by(), skipped.reason());
  }

  private String recoverySite() {
    return replica.recovery().site();
  }

  ResultBuilder result() {
    return result;
  }
}
