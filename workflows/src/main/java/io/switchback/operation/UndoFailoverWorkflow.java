package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One child per VM; the steps are in {@link UndoFailoverOfReplicaWorkflow}. */
public final class UndoFailoverWorkflow implements UndoFailover {
  private final FanOut members =
      new FanOut(Operation.UNDO_FAILOVER, UndoFailoverOfReplica.TYPE, false);

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public OperationResult undo(@Nullable JsonNode input) {
    return members.conduct(input);
  }

  @Override
  public OperationStatus status() {
    return members.status();
  }

  @Override
  public String answer(@Nullable Answer answer) {
    return members.answer(answer);
  }

  @Override
  public void validateAnswer(@Nullable Answer answer) {
    members.validate(answer);
  }

  @Override
  public void memberReports(MemberReport report) {
    members.reports(report);
  }
}
