package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the step is in {@link ReconfigureReplicaWorkflow}. */
public final class ReconfigureWorkflow extends RunOverMembers implements Reconfigure {
  public ReconfigureWorkflow() {
    super(Operation.RECONFIGURE, ReconfigureReplica.TYPE, new ReconfigureInput());
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult reconfigure(@Nullable JsonNode input) {
    return conduct(input);
  }
}
