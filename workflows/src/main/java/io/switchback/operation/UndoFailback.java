package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Undoes failbacks: the replica runs again as it was before the switch, and production is as it was
 * before failback. Input: {@link OperationRequest}, as in {@code {"vms":["web-01"]}}.
 *
 * @see UndoFailbackOfReplica the steps for each VM
 */
@WorkflowInterface
public interface UndoFailback extends MemberWatch {
  /**
   * Undoes the failback of every VM named. Wrong input fails the run at once, with every mistake
   * listed and nothing changed.
   */
  @WorkflowMethod(name = "UndoFailback")
  OperationResult undo(@Nullable JsonNode input);
}
