package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link PartialFailoverOfReplicaWorkflow}. */
public final class PartialFailoverWorkflow extends RunOverMembers implements PartialFailover {
  public PartialFailoverWorkflow() {
    super(
        Operation.PARTIAL_FAILOVER,
        PartialFailoverOfReplica.TYPE,
        new WindowInput(),
        VmField.RESTORE_POINT);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult failOver(@Nullable JsonNode input) {
    return conduct(input);
  }
}
