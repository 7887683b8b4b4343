package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Brings what failbacks go to up to what their replicas hold, while those serve on and wait for the
 * switch. Input: {@link OperationRequest} and {@link ResynchroniseInput}, as in {@code
 * {"vms":["web-01"]}}.
 *
 * @see ResynchroniseFailbackOfReplica the steps for each VM
 */
@WorkflowInterface
public interface ResynchroniseFailback extends MemberWatch {
  /**
   * Synchronises for every VM named. Wrong input fails the run at once, with every mistake listed
   * and nothing changed.
   */
  @WorkflowMethod(name = "ResynchroniseFailback")
  OperationResult resynchronise(@Nullable JsonNode input);
}
