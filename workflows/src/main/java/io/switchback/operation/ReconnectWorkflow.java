package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link ReconnectOfReplicaWorkflow}. */
public final class ReconnectWorkflow extends RunOverMembers implements Reconnect {
  public ReconnectWorkflow() {
    super(Operation.RECONNECT, ReconnectOfReplica.TYPE, new SideInput());
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult reconnect(@Nullable JsonNode input) {
    return conduct(input);
  }
}
