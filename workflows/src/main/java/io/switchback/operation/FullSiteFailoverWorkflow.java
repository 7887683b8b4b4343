package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM, in their order; the steps are in {@link FullSiteFailoverOfReplicaWorkflow}. */
public final class FullSiteFailoverWorkflow extends RunOverMembers implements FullSiteFailover {
  public FullSiteFailoverWorkflow() {
    super(
        Operation.FULL_SITE_FAILOVER,
        FullSiteFailoverOfReplica.TYPE,
        new WindowInput(new FullSiteInput()),
        VmField.RESTORE_POINT,
        VmField.DELAY);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult failOver(@Nullable JsonNode input) {
    return conduct(input);
  }
}
