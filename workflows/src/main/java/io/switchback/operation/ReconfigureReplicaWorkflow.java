package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.port.Done;
import io.switchback.port.ProtectionActivities;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** Another policy, network map or placement for one replica, in one step. */
public final class ReconfigureReplicaWorkflow extends RunOverReplica implements ReconfigureReplica {
  private final Replica subject;
  private final Reconfiguration asked;

  @WorkflowInit
  public ReconfigureReplicaWorkflow(ReconfigureReplicaRequest request) {
    super(Operation.RECONFIGURE, request.replica());
    subject = request.replica().member().replica();
    asked = request.asked();
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult reconfigure(ReconfigureReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.endWith(StepKind.RECONFIGURE, this::change); // 1  without a claim: a cycle goes on
    replica.wakeReplication(); //                              a shorter interval holds at once
    replica.note("holds from the next cycle on");
  }

  private Done change(Mandate mandate) {
    return replica
        .ports()
        .protection("Change how " + subject.name() + " is protected")
        .reconfigureReplica(
            new ProtectionActivities.ReconfigureReplica(
                subject.id(),
                asked.policyName(),
                asked.policy(),
                asked.networks(),
                asked.placement()));
  }
}
