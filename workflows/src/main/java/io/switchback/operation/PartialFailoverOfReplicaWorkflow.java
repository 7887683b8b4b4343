package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.operation.Checks.APPLIANCE_MISSING;
import static io.switchback.operation.Checks.DRIFT;
import static io.switchback.operation.Checks.NO_ROOM;
import static io.switchback.operation.Checks.PRODUCTION_STILL_RUNS;
import static io.switchback.port.NetworkExtensionActivities.Side.PRODUCTION;
import static io.switchback.port.NetworkExtensionActivities.Side.RECOVERY;
import static java.util.Objects.requireNonNull;

import io.switchback.lifecycle.Operation;
import io.switchback.model.RestorePoint;
import io.switchback.port.VmActivities.GuestReadiness;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import java.util.Optional;

/** Partial failover of one replica, step by step. */
public final class PartialFailoverOfReplicaWorkflow extends RunOverReplica
    implements PartialFailoverOfReplica {
  private final RestorePoint chosen;
  private final RestorePoint newest;

  @WorkflowInit
  public PartialFailoverOfReplicaWorkflow(ReplicaRequest request) {
    super(Operation.PARTIAL_FAILOVER, request);
    chosen = requireNonNull(request.member().restorePoint(), "a failover has a restore point");
    newest = requireNonNull(request.member().newest(), "a replica that can fail over has one");
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult failOver(ReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim(); //                                               1
    replica.undo(replica::resumeReplication);
    replica.holdReplication(); //                                     2  preempts a running cycle
    replica.check(NO_ROOM, replica::wantOfRoom); //                   3  parks for a person
    replica.check(APPLIANCE_MISSING, replica::wantOfAppliance);
    replica.check(DRIFT, replica::changedByHand);
    replica.check(PRODUCTION_STILL_RUNS, this::twinStillServes);
    replica.undo(() -> replica.revert(newest));
    replica.revert(chosen);
    replica.undo(replica::leaveStarting);
    replica.undo(replica::powerOff);
    replica.powerOn(); //                                             4
    replica.undo(() -> replica.moveTo(READY));
    replica.moveTo(
        FAILOVER); //                                         from here undo and failback exist
    GuestReadiness guest = replica.awaitGuest();
    replica.undo(replica::leaveExtension);
    replica.openExtension(
        RECOVERY); //                               5  degraded is an answer, not a failure
    replica.openExtension(PRODUCTION); //                             6
    replica.verify(guest); //                                         7
  } //                                                                8

  private Optional<String> twinStillServes() {
    return Twin.stillServes(replica.lookAtStoppedReplica(), replica.lookAtProduction());
  }
}
