package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.READY;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** The commit of one replica's failback, step by step. */
public final class CommitFailbackOfReplicaWorkflow extends RunOverReplica
    implements CommitFailbackOfReplica {
  private final FailbackTarget target;

  @WorkflowInit
  public CommitFailbackOfReplicaWorkflow(ReplicaRequest request) {
    super(Operation.COMMIT_FAILBACK, request);
    target = new FailbackTarget(replica, request);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult commit(ReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim();
    var _ = target.read();
    target.release(); //             no way back from here: what production was is gone
    target.commit();
    replica.resumeReplication();
    replica.moveTo(READY);
  }
}
