package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link UndoFailoverOfReplicaWorkflow}. */
public final class UndoFailoverWorkflow extends RunOverMembers implements UndoFailover {
  public UndoFailoverWorkflow() {
    super(Operation.UNDO_FAILOVER, UndoFailoverOfReplica.TYPE, new WindowEndInput());
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult undo(@Nullable JsonNode input) {
    return conduct(input);
  }
}
