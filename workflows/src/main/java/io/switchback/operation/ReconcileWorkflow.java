package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link ReconcileOfReplicaWorkflow}. */
public final class ReconcileWorkflow extends RunOverMembers implements Reconcile {
  public ReconcileWorkflow() {
    super(Operation.RECONCILE, ReconcileOfReplica.TYPE, VmField.CHOOSE);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult reconcile(@Nullable JsonNode input) {
    return conduct(input);
  }
}
