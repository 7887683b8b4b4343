package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Fails VMs over to their replicas; production is left as it is. Input: {@link OperationRequest},
 * as in {@code {"vms":["web-01",{"name":"db-01","restorePoint":"latest"}]}}.
 *
 * @see PartialFailoverOfReplica the steps for each VM
 */
@WorkflowInterface
public interface PartialFailover extends MemberWatch {
  /**
   * Fails over every VM named. Wrong input fails the run at once, with every mistake listed and
   * nothing changed.
   */
  @WorkflowMethod(name = "PartialFailover")
  OperationResult failOver(@Nullable JsonNode input);
}
