package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link PermanentFailoverOfReplicaWorkflow}. */
public final class PermanentFailoverWorkflow extends RunOverMembers implements PermanentFailover {
  public PermanentFailoverWorkflow() {
    super(
        Operation.PERMANENT_FAILOVER,
        PermanentFailoverOfReplica.TYPE,
        new WindowEndInput(),
        VmField.CONFIRM);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult makePermanent(@Nullable JsonNode input) {
    return conduct(input);
  }
}
