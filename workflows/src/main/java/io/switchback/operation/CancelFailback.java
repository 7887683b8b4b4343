package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Cancels failbacks that are ready to switch: production is as it was before, the replica serves
 * on. Input: {@link OperationRequest}, as in {@code {"vms":["web-01"]}}.
 *
 * @see CancelFailbackOfReplica the steps for each VM
 */
@WorkflowInterface
public interface CancelFailback extends MemberWatch {
  /**
   * Cancels the failback of every VM named. Wrong input fails the run at once, with every mistake
   * listed and nothing changed.
   */
  @WorkflowMethod(name = "CancelFailback")
  OperationResult cancel(@Nullable JsonNode input);
}
