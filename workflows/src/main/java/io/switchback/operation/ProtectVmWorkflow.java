package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.Seed;
import io.switchback.model.VmRef;
import io.switchback.operation.Steps.Told;
import io.switchback.port.Done;
import io.switchback.port.PlaceholderActivities.ChangeVm;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import io.switchback.port.PlaceholderActivities.Placed;
import io.switchback.port.ProtectionActivities.EndReservation;
import io.switchback.port.ProtectionActivities.EraseReplica;
import io.switchback.port.ProtectionActivities.Reservation;
import io.switchback.port.ProtectionActivities.ReserveReplica;
import io.switchback.port.ProtectionActivities.WriteReplica;
import io.switchback.port.ReplicationActivities.WakeReplication;
import io.temporal.common.VersioningBehavior;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Protection of one VM, step by step. */
public final class ProtectVmWorkflow implements ProtectVm {
  private final ProtectVmRequest request;
  private final PlannedVm vm;
  private final Ports ports;
  private final Audit audit;
  private final StepLog log;
  private final Pager pager;
  private final Steps steps;
  private final CancellationScope run;
  private final List<String> notes = new ArrayList<>();
  private Outcome outcome = Outcome.REFUSED;
  private @Nullable ReplicaState state;

  @WorkflowInit
  public ProtectVmWorkflow(ProtectVmRequest request) {
    this.request = request;
    this.vm = request.vm();
    this.ports = new Ports(request.pace());
    Errand errand =
        new Errand(
            vm.replicaId(),
            vm.name(),
            request.operationId(),
            List.of(),
            request.by(),
            request.reason(),
            request.parent());
    this.audit = new Audit(ports, Operation.PROTECT, errand);
    this.log = new StepLog(vm.name(), Operation.PROTECT.words());
    this.pager = new Pager(ports, Operation.PROTECT.words(), errand);
    this.run = CancellationScope.current();
    this.steps =
        new Steps(
            Procedure.of(Operation.PROTECT), errand, audit, log, pager, run::isCancelRequested);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult protect(ProtectVmRequest asked) {
    Workflow.upsertTypedSearchAttributes(
        Attributes.OPERATION.valueSet(Operation.PROTECT.words()),
        Attributes.VM.valueSet(vm.name()),
        Attributes.SITE.valueSet(vm.to()));
    Workflow.newDetachedCancellationScope(
            () -> {
              doOrUndo();
              audit.finish();
            })
        .run();
    MemberResult end =
        MemberResult.of(vm.name(), vm.replicaId(), outcome, state, steps.skipped(), notes);
    if (run.isCancelRequested()) {
      // Temporal closes a run that was asked to cancel without its result, however it ended.
      Workflow.newDetachedCancellationScope(() -> pager.ended(end)).run();
    }
    return end;
  }

  private void doOrUndo() {
    try {
      steps();
      outcome = Outcome.DONE;
    } catch (FaultException refused) {
      notes.add(refused.sentence());
    } catch (Aborted aborted) {
      outcome = Outcome.ABORTED;
      notes.add(aborted.why());
      steps.undoAll();
      release();
    } catch (LeftForReconcile left) {
      outcome = Outcome.LEFT_FOR_RECONCILE;
      notes.add(left.why());
    }
  }

  private void steps() {
    Replica known = claim(); //                      1
    if (known == null) {
      steps.undo(this::giveUpPlace);
      Placed placed = place(); //                    2
      steps.undo(this::erase);
      write(placed); //                              3  SEEDING
    } else {
      notes.add("was protected already, as " + known.id());
    }
    startReplication(); //                           4  no way back but to unprotect
    release(); //                                    5
  }

  /** The replica, when an earlier run has written it already. */
  private @Nullable Replica claim() {
    WorkflowInfo me = Workflow.getInfo();
    Reservation reservation =
        steps.claim(
            StepKind.CLAIM,
            mandate ->
                ports
                    .protection("Reserve " + vm.name())
                    .reserveReplica(
                        new ReserveReplica(
                            request.operationId(),
                            vm.replicaId(),
                            vm.production().vm(),
                            vm.to(),
                            me.getWorkflowId(),
                            me.getRunId(),
                            request.by())),
            Reservation::fence,
            r -> new Told(true, r.attempt(), r.known() == null ? "" : "is protected already"));
    return reservation.known();
  }

  private Placed place() {
    return steps.step(
        StepKind.PLACE,
        mandate ->
            ports
                .placeholders(vm.to(), "Place the VM for " + vm.name() + " at " + vm.to())
                .placeVm(
                    new PlaceVm(
                        mandate,
                        vm.to(),
                        vm.replicaId(),
                        vm.replicaName(),
                        vm.hardware(),
                        vm.production().disks(),
                        vm.placement(),
                        vm.seed())),
        placed -> new Told(placed.changed(), placed.attempt(), placed.vm().toString()));
  }

  /** A seed is given back, a VM that was made is removed; somebody else's is left alone. */
  private void giveUpPlace() {
    Seed seed = vm.seed();
    String name = seed == null ? vm.replicaName() : seed.vm();
    VmRef guess = new VmRef(vm.to(), name, name);
    undoStep(
        StepKind.PLACE,
        mandate -> {
          ChangeVm change = new ChangeVm(mandate, vm.replicaId(), guess);
          var site = ports.placeholders(vm.to(), "Take the VM for " + vm.name() + " away again");
          return seed == null ? site.removeVm(change) : site.leaveVm(change);
        });
  }

  private void write(Placed placed) {
    Replica written =
        steps.step(
            StepKind.WRITE,
            mandate ->
                ports
                    .protection(vm.name() + " is protected")
                    .writeReplica(
                        new WriteReplica(
                            mandate,
                            vm.replicaId(),
                            vm.production().vm(),
                            placed.vm(),
                            placed.disks(),
                            vm.networks(),
                            vm.policy(),
                            vm.placement(),
                            vm.seed() != null)),
            replica -> new Told(true, 0, replica.id()));
    state = ReplicaState.SEEDING;
    notes.add(
        "protected as %s, every %s%s"
            .formatted(
                written.id(),
                vm.policy().interval(),
                vm.seed() == null
                    ? ""
                    : "; begins from '%s', both sides are compared".formatted(vm.seed().vm())));
  }

  private void erase() {
    undoStep(
        StepKind.WRITE,
        mandate ->
            ports
                .protection("Take " + vm.name() + " out of the registry again")
                .eraseReplica(new EraseReplica(mandate, vm.replicaId())));
    state = null;
  }

  private void startReplication() {
    step(
        StepKind.START_REPLICATION,
        mandate ->
            ports
                .replication("Start replication of " + vm.name())
                .wakeReplication(new WakeReplication(vm.replicaId(), vm.name())));
  }

  private void release() {
    step(
        StepKind.RELEASE,
        mandate ->
            ports
                .protection("End the reservation of " + vm.name())
                .endReservation(new EndReservation(mandate, vm.replicaId())));
  }

  private void step(StepKind kind, Function<Mandate, Done> act) {
    steps.step(
        kind,
        act,
        done -> new Told(done.changed(), done.attempt(), done.changed() ? "" : "was so already"));
  }

  /** What is refused was never ours: there is nothing to take back. */
  private void undoStep(StepKind kind, Function<Mandate, Done> act) {
    step(
        kind,
        mandate -> {
          try {
            return act.apply(mandate);
          } catch (ActivityFailure failure) {
            FaultException fault = Failures.toFault(failure);
            if (fault.fault() != Fault.REFUSED) {
              throw failure;
            }
            return new Done(false, fault.attempt());
          }
        });
  }

  @Override
  public ReplicaStatus status() {
    return log.status();
  }

  @Override
  public String answer(@Nullable Answer answer) {
    steps.validate(answer);
    steps.take(requireNonNull(answer));
    return vm.name() + ": " + answer.answer();
  }

  @Override
  public void validateAnswer(@Nullable Answer answer) {
    steps.validate(answer);
  }

  @Override
  public void takeAnswer(Answer answer) {
    steps.take(answer);
  }
}
