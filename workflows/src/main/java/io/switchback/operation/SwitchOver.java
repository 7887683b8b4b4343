package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Switches replicas that are ready to switch over to their production VMs, or moves the time of
 * that. Input: {@link OperationRequest} and {@link SwitchOverInput}, as in {@code
 * {"vms":["web-01"]}} or {@code {"vms":["web-01"],"at":"2026-03-01T22:00:00Z"}}.
 *
 * @see SwitchOverOfReplica the steps for each VM
 * @see MoveSwitchOfReplica the steps for each VM with a time
 */
@WorkflowInterface
public interface SwitchOver extends MemberWatch {
  /**
   * Switches every VM named over, or moves the time of that. Wrong input fails the run at once,
   * with every mistake listed and nothing changed.
   */
  @WorkflowMethod(name = "SwitchOver")
  OperationResult switchOver(@Nullable JsonNode input);
}
