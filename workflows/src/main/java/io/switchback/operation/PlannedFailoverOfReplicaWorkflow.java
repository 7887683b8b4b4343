package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.operation.Checks.APPLIANCE_MISSING;
import static io.switchback.operation.Checks.DRIFT;
import static io.switchback.operation.Checks.NO_ROOM;

import io.switchback.lifecycle.Operation;
import io.switchback.model.RestorePoint;
import io.switchback.model.Undoable;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import java.time.Duration;

/** Planned failover of one replica, step by step. */
public final class PlannedFailoverOfReplicaWorkflow extends RunOverReplica
    implements PlannedFailoverOfReplica {
  private final OwnCycles cycles;
  private final Duration shutdownLimit;

  @WorkflowInit
  public PlannedFailoverOfReplicaWorkflow(PlannedFailoverRequest request) {
    super(Operation.PLANNED_FAILOVER, request.replica());
    cycles = new OwnCycles(replica, request.replica().member().replica());
    shutdownLimit = request.shutdownLimit();
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult failOver(PlannedFailoverRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim();
    window.plan(Undoable.FAILOVER);
    replica.undo(replica::resumeReplication);
    replica.holdReplication(); //                        the cycles from here on are its own
    replica.check(NO_ROOM, preflight::wantOfRoom);
    replica.check(APPLIANCE_MISSING, preflight::wantOfAppliance);
    replica.check(DRIFT, preflight::changedByHand);
    cycles.replicate(StepKind.REPLICATE_FIRST); //       1  so that little is left to send
    replica.production().shutDown(shutdownLimit); //     2
    RestorePoint last = cycles.replicate(StepKind.REPLICATE_LAST); // 3  all that there is
    replica.result().restorePoint(last);
    vm.awaitFreeAddresses();
    replica.undo(() -> vm.revert(last));
    vm.revert(last); //                                  4
    replica.undo(vm::leaveStarting);
    replica.undo(vm::powerOff);
    vm.powerOn();
    replica.undo(() -> replica.moveTo(READY));
    replica.moveTo(FAILOVER); //                         undo and failback exist from here
    replica.undo(networks::leaveExtension);
    vm.serve(); //                                       degraded is no failure
    window.open(Undoable.FAILOVER);
  }
}
