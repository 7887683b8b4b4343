package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Brings replicas' data home: the production VM is synchronised while the replica serves, then the
 * replica stops, the rest follows, and production serves again. Input: {@link OperationRequest} and
 * {@link FailbackInput}, as in {@code {"vms":["web-01"],"switchover":"manual"}}.
 *
 * @see FailbackOfReplica the steps for each VM
 */
@WorkflowInterface
public interface Failback extends MemberWatch {
  /**
   * Fails every VM named back. Wrong input fails the run at once, with every mistake listed and
   * nothing changed.
   */
  @WorkflowMethod(name = "Failback")
  OperationResult failBack(@Nullable JsonNode input);
}
