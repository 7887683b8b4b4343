package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.PERMANENT;
import static io.switchback.operation.Checks.PRODUCTION_UNREACHABLE;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** Permanent failover of one replica, step by step. */
public final class PermanentFailoverOfReplicaWorkflow extends RunOverReplica
    implements PermanentFailoverOfReplica {
  private final Departure departure;

  @WorkflowInit
  public PermanentFailoverOfReplicaWorkflow(ReplicaRequest request) {
    super(Operation.PERMANENT_FAILOVER, request);
    departure = new Departure(replica, request);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult makePermanent(ReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim(); //                                  1
    departure.nameTheLoss(); //                             says what will be gone
    replica.check(PRODUCTION_UNREACHABLE, departure::productionIsAway);
    departure.cleanProduction();
    departure.removeRestorePoints(); //                  2  the point of no return
    departure.excludeProduction(); //                    3
    replica.moveTo(PERMANENT); //                        4
    replica.resumeReplication(); //                         nothing is left to hold
    departure.handOver(); //                                anybody may power it on
  }
}
