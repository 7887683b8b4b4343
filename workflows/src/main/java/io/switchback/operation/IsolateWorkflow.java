package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link IsolateOfReplicaWorkflow}. */
public final class IsolateWorkflow extends RunOverMembers implements Isolate {
  public IsolateWorkflow() {
    super(Operation.ISOLATE, IsolateOfReplica.TYPE, new SideInput());
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult isolate(@Nullable JsonNode input) {
    return conduct(input);
  }
}
