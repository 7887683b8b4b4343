package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Puts VMs back on the networks that {@link Isolate} has taken them off, and on no other. Input:
 * {@link OperationRequest}, as in {@code {"vms":["web-01"]}}, with {@code "side"} where another VM
 * is meant than the one that is found: {@code production} or {@code recovery}.
 *
 * @see ReconnectOfReplica the steps for each VM
 */
@WorkflowInterface
public interface Reconnect extends MemberWatch {
  /** Wrong input fails the run at once, with every mistake listed and nothing changed. */
  @WorkflowMethod(name = "Reconnect")
  OperationResult reconnect(@Nullable JsonNode input);
}
