package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Undoes failovers: replicas stop, what they wrote is discarded, replication goes on. Input: {@link
 * OperationRequest}, as in {@code {"vms":["web-01","db-01"]}}.
 *
 * @see UndoFailoverOfReplica the steps for each VM
 */
@WorkflowInterface
public interface UndoFailover extends MemberWatch {
  /**
   * Undoes the failover of every VM named. Wrong input fails the run at once, with every mistake
   * listed and nothing changed.
   */
  @WorkflowMethod(name = "UndoFailover")
  OperationResult undo(@Nullable JsonNode input);
}
