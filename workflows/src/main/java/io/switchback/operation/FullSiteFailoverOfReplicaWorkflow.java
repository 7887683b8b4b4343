package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.operation.Checks.APPLIANCE_MISSING;
import static io.switchback.operation.Checks.DRIFT;
import static io.switchback.operation.Checks.NO_ROOM;
import static io.switchback.port.NetworkExtensionActivities.Side.RECOVERY;
import static java.util.Objects.requireNonNull;

import io.switchback.lifecycle.Operation;
import io.switchback.model.RestorePoint;
import io.switchback.model.Undoable;
import io.switchback.port.GuestActivities.GuestReadiness;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** Full-site failover of one replica, step by step: as a partial one, but for the networks. */
public final class FullSiteFailoverOfReplicaWorkflow extends RunOverReplica
    implements FullSiteFailoverOfReplica {
  private final RestorePoint chosen;
  private final RestorePoint newest;

  @WorkflowInit
  public FullSiteFailoverOfReplicaWorkflow(ReplicaRequest request) {
    super(Operation.FULL_SITE_FAILOVER, request);
    chosen = requireNonNull(request.member().restorePoint(), "a failover has a restore point");
    newest = requireNonNull(request.member().newest(), "a replica that can fail over has one");
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult failOver(ReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim(); //                                  1
    window.plan(Undoable.FAILOVER);
    replica.undo(replica::resumeReplication);
    replica.holdReplication(); //                        2  preempts a running cycle
    replica.check(NO_ROOM, preflight::wantOfRoom); //    3  parks for a person
    replica.check(APPLIANCE_MISSING, preflight::wantOfAppliance);
    replica.check(DRIFT, preflight::changedByHand);
    vm.awaitFreeAddresses();
    replica.undo(() -> vm.revert(newest));
    vm.revert(chosen);
    replica.undo(vm::leaveStarting);
    replica.undo(vm::powerOff);
    vm.powerOn(); //                                     4
    replica.undo(() -> replica.moveTo(READY));
    replica.moveTo(FAILOVER); //                         undo and failback exist from here
    GuestReadiness guest = vm.awaitGuest();
    replica.undo(networks::leaveExtension);
    networks.openExtension(RECOVERY); //                 5  the gateway; production is not asked
    vm.verify(guest); //                                 6
    window.open(Undoable.FAILOVER);
  } //                                                   7
}
