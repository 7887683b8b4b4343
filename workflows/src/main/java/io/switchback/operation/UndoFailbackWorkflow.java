package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link UndoFailbackOfReplicaWorkflow}. */
public final class UndoFailbackWorkflow extends RunOverMembers implements UndoFailback {
  public UndoFailbackWorkflow() {
    super(
        Operation.UNDO_FAILBACK,
        UndoFailbackOfReplica.TYPE,
        new WindowEndInput(new UndoFailbackInput()));
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult undo(@Nullable JsonNode input) {
    return conduct(input);
  }
}
