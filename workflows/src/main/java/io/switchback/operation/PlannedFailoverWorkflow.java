package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link PlannedFailoverOfReplicaWorkflow}. */
public final class PlannedFailoverWorkflow extends RunOverMembers implements PlannedFailover {
  public PlannedFailoverWorkflow() {
    super(
        Operation.PLANNED_FAILOVER,
        PlannedFailoverOfReplica.TYPE,
        new WindowInput(new PlannedFailoverInput()));
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult failOver(@Nullable JsonNode input) {
    return conduct(input);
  }
}
