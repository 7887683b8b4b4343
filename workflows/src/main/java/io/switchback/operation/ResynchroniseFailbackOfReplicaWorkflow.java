package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** One more round of one replica's failback, step by step. */
public final class ResynchroniseFailbackOfReplicaWorkflow extends RunOverReplica
    implements ResynchroniseFailbackOfReplica {
  private final FailbackTarget target;
  private final Synchronisation sync;

  @WorkflowInit
  public ResynchroniseFailbackOfReplicaWorkflow(ResynchroniseRequest request) {
    super(Operation.RESYNCHRONISE, request.replica());
    target = new FailbackTarget(replica, request.replica());
    sync = new Synchronisation(replica, request.replica(), target);
    if (request.unattended()) {
      replica.steps().giveUpInsteadOfParking();
    }
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult resynchronise(ResynchroniseRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim();
    sync.goOnFrom(target.read());
    target.lookAtStopped();
    sync.tidyWhatFailed();
    long sent = sync.whileServing();
    replica.note("%d bytes sent; the replica serves until it is switched over".formatted(sent));
  }
}
