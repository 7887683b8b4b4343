package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmSide;
import io.switchback.operation.Steps.Told;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.ClaimReplica;
import io.switchback.port.ClaimActivities.ShutDownProduction;
import io.switchback.port.ReconcileActivities.HeldClaim;
import io.switchback.port.ReconcileActivities.TakeOverReplica;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import org.jspecify.annotations.Nullable;

/** An operation's claim on its replica, and what the registry says with it. */
final class ReplicaClaim {
  private final Operation operation;
  private final ReplicaRequest request;
  private final Replica replica;
  private final Ports ports;
  private final Steps steps;
  private final ReplicaWindow window;
  private boolean held;
  private @Nullable ReplicaState cameFrom;
  private @Nullable ShutDownProduction shutDown;

  ReplicaClaim(
      Operation operation, ReplicaRequest request, Ports ports, Steps steps, ReplicaWindow window) {
    this.operation = operation;
    this.request = request;
    this.replica = request.member().replica();
    this.ports = ports;
    this.steps = steps;
    this.window = window;
  }

  /**
   * @param side of the two VMs, for an operation on one of them
   */
  void take(@Nullable VmSide side) {
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
                            chosen == null ? null : chosen.id(),
                            side)),
            Claim::fence,
            c -> new Told(true, c.attempt(), "was " + c.from()));
    cameFrom = claim.from();
    goOnFrom(claim);
  }

  /** Takes it from an operation whose run is gone; that one is fenced off by it. */
  void takeOver(HeldClaim dead) {
    WorkflowInfo run = Workflow.getInfo();
    goOnFrom(
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
            c -> new Told(true, c.attempt(), "from " + dead.operation().words())));
  }

  private void goOnFrom(Claim claim) {
    held = true;
    shutDown = claim.shutDown();
    window.goOnFrom(claim.windows());
  }

  boolean isHeld() {
    return held;
  }

  /** There is nothing to release any more. */
  void ended() {
    held = false;
  }

  /** The state that the replica was in when it was claimed. */
  ReplicaState cameFrom() {
    return requireNonNull(cameFrom, "is claimed first");
  }

  /** Whether a planned failover has shut production down that ran before. */
  boolean hasShutDownProduction() {
    return shutDown != null && shutDown.ran();
  }
}
