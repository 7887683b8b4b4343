package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One child per VM; the steps are in {@link SwitchOverOfReplicaWorkflow} and {@link
 * MoveSwitchOfReplicaWorkflow}.
 */
public final class SwitchOverWorkflow extends RunOverMembers implements SwitchOver {
  @WorkflowInit
  public SwitchOverWorkflow(@Nullable JsonNode input) {
    super(
        SwitchOverInput.operation(input),
        SwitchOverInput.operation(input) == Operation.MOVE_SWITCH
            ? MoveSwitchOfReplica.TYPE
            : SwitchOverOfReplica.TYPE,
        new WindowInput(new SwitchOverInput()));
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult switchOver(@Nullable JsonNode input) {
    return conduct(input);
  }
}
