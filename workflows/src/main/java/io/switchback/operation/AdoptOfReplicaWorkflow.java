package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.operation.Checks.PRODUCTION_STILL_RUNS;

import io.switchback.lifecycle.Operation;
import io.switchback.port.VmActivities.VmStatus;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** Adoption of one replica that runs by hand, step by step. */
public final class AdoptOfReplicaWorkflow extends RunOverReplica implements AdoptOfReplica {
  @WorkflowInit
  public AdoptOfReplicaWorkflow(ReplicaRequest request) {
    super(Operation.ADOPT, request);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult adopt(ReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim(); //                                  1
    replica.undo(replica::resumeReplication);
    replica.holdReplication(); //                        2
    VmStatus running = vm.lookAtRunning(); //            3  nobody powers it on or off
    replica.check(PRODUCTION_STILL_RUNS, () -> replica.guard().besideReplica(running));
    replica.undo(() -> replica.moveTo(READY));
    replica.moveTo(FAILOVER); //                         4  it can be undone and failed back
    replica.undo(networks::leaveExtension);
    vm.serve(); //                                       5  network, verification
  }
}
