package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link CommitFailbackOfReplicaWorkflow}. */
public final class CommitFailbackWorkflow extends RunOverMembers implements CommitFailback {
  public CommitFailbackWorkflow() {
    super(Operation.COMMIT_FAILBACK, CommitFailbackOfReplica.TYPE, new WindowEndInput());
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult commit(@Nullable JsonNode input) {
    return conduct(input);
  }
}
