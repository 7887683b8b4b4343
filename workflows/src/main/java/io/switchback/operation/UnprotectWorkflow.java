package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link UnprotectReplicaWorkflow}. */
public final class UnprotectWorkflow extends RunOverMembers implements Unprotect {
  public UnprotectWorkflow() {
    super(Operation.UNPROTECT, UnprotectReplica.TYPE, new UnprotectInput());
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult unprotect(@Nullable JsonNode input) {
    return EndOfRule.isMeant(input) ? EndOfRule.conduct(input) : conduct(input);
  }
}
