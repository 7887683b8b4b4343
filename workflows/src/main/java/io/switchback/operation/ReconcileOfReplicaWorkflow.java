package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.switchback.port.ReconcileActivities.HeldClaim;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** Reconciliation of one replica, step by step. */
public final class ReconcileOfReplicaWorkflow extends RunOverReplica implements ReconcileOfReplica {
  private final Settlement settlement;

  @WorkflowInit
  public ReconcileOfReplicaWorkflow(ReplicaRequest request) {
    super(Operation.RECONCILE, request);
    settlement = new Settlement(replica, request);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult reconcile(ReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    Observation seen = settlement.observe(); //          1  changes nothing
    settlement.show(seen);
    String choice = settlement.choice();
    if (choice == null) {
      return;
    }
    HeldClaim dead = settlement.fitting(choice, seen); // 2  refuses what does not fit
    replica.takeOver(dead); //                           3  the dead operation is fenced off
    if (!seen.isGone()) {
      replica.fenceOff(); //                             4  at the site, too
    }
    Observation now = settlement.observeAgain(choice); // 5
    settlement.settle(dead, choice, now); //             6
  } //                                                   7  released, audited
}
