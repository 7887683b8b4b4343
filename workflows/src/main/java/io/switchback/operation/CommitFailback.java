package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Commits failbacks: replication goes on from production. Input: {@link OperationRequest}, as in
 * {@code {"vms":["web-01"]}}.
 *
 * @see CommitFailbackOfReplica the steps for each VM
 */
@WorkflowInterface
public interface CommitFailback extends MemberWatch {
  /**
   * Commits the failback of every VM named. Wrong input fails the run at once, with every mistake
   * listed and nothing changed.
   */
  @WorkflowMethod(name = "CommitFailback")
  OperationResult commit(@Nullable JsonNode input);
}
