package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link AdoptOfReplicaWorkflow}. */
public final class AdoptWorkflow extends RunOverMembers implements Adopt {
  public AdoptWorkflow() {
    super(Operation.ADOPT, AdoptOfReplica.TYPE);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult adopt(@Nullable JsonNode input) {
    return conduct(input);
  }
}
