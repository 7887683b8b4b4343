package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes failed-over replicas production for good: their restore points go, what they wrote is
 * merged, and production is no longer replicated. It cannot be taken back and needs a confirmation
 * for each VM. Input: {@link OperationRequest}, as in {@code
 * {"vms":[{"name":"web-01","confirm":"remove 14 restore points of web-01"}]}}.
 *
 * @see PermanentFailoverOfReplica the steps for each VM
 */
@WorkflowInterface
public interface PermanentFailover extends MemberWatch {
  /**
   * Makes every VM named permanent. Wrong input, or a missing confirmation, fails the run at once
   * with everything that would be gone, and nothing changed.
   */
  @WorkflowMethod(name = "PermanentFailover")
  OperationResult makePermanent(@Nullable JsonNode input);
}
