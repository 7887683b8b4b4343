package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Accepts replicas that somebody has powered on by hand, as if they had been failed over from their
 * newest restore point. Input: {@link OperationRequest}, as in {@code {"vms":["web-01"]}}.
 *
 * @see AdoptOfReplica the steps for each VM
 */
@WorkflowInterface
public interface Adopt extends MemberWatch {
  /**
   * Adopts every VM named. Wrong input fails the run at once, with every mistake listed and nothing
   * changed.
   */
  @WorkflowMethod(name = "Adopt")
  OperationResult adopt(@Nullable JsonNode input);
}
