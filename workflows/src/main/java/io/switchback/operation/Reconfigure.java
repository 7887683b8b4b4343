package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Changes how VMs are protected, from the next cycle on. Input: {@link OperationRequest} and {@link
 * Reconfiguration}, as in {@code {"vms":["web-01"],"policy":{"name":"gold","interval":"PT5M"}}}.
 */
@WorkflowInterface
public interface Reconfigure extends MemberWatch {
  /**
   * Changes every VM named. Wrong input fails the run at once, with every mistake listed and
   * nothing changed.
   */
  @WorkflowMethod(name = "Reconfigure")
  OperationResult reconfigure(@Nullable JsonNode input);
}
