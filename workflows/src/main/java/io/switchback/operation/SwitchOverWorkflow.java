package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link SwitchOverOfReplicaWorkflow}. */
public final class SwitchOverWorkflow extends RunOverMembers implements SwitchOver {
  public SwitchOverWorkflow() {
    super(Operation.SWITCH_OVER, SwitchOverOfReplica.TYPE);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult switchOver(@Nullable JsonNode input) {
    return conduct(input);
  }
}
