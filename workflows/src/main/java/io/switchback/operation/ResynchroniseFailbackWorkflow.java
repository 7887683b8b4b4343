package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link ResynchroniseFailbackOfReplicaWorkflow}. */
public final class ResynchroniseFailbackWorkflow extends RunOverMembers
    implements ResynchroniseFailback {
  public ResynchroniseFailbackWorkflow() {
    super(Operation.RESYNCHRONISE, ResynchroniseFailbackOfReplica.TYPE, new ResynchroniseInput());
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult resynchronise(@Nullable JsonNode input) {
    return conduct(input);
  }
}
