package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Takes VMs off their networks that should not be reached: production that woke up while its
 * replica serves, or a replica that somebody powered on by hand. {@link Reconnect} puts them back.
 * Input: {@link OperationRequest}, as in {@code {"vms":["web-01"]}}, with {@code "side"} where
 * another VM is meant than the one that is found: {@code production} or {@code recovery}.
 *
 * @see IsolateOfReplica the steps for each VM
 */
@WorkflowInterface
public interface Isolate extends MemberWatch {
  /** Wrong input fails the run at once, with every mistake listed and nothing changed. */
  @WorkflowMethod(name = "Isolate")
  OperationResult isolate(@Nullable JsonNode input);
}
