package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link CancelFailbackOfReplicaWorkflow}. */
public final class CancelFailbackWorkflow extends RunOverMembers implements CancelFailback {
  public CancelFailbackWorkflow() {
    super(Operation.CANCEL_FAILBACK, CancelFailbackOfReplica.TYPE);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult cancel(@Nullable JsonNode input) {
    return conduct(input);
  }
}
