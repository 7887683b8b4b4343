package io.switchback.operation;

import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link FailbackOfReplicaWorkflow}. */
public final class FailbackWorkflow extends RunOverMembers implements Failback {
  @WorkflowInit
  public FailbackWorkflow(@Nullable JsonNode input) {
    super(
        FailbackInput.operation(input),
        FailbackOfReplica.TYPE,
        new WindowInput(new FailbackInput()));
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult failBack(@Nullable JsonNode input) {
    return conduct(input);
  }
}
