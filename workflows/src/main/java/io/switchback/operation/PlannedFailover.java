package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Moves VMs to their replicas without losing anything: production is shut down in between. Input:
 * {@link OperationRequest} and {@link PlannedFailoverInput}, as in {@code
 * {"vms":["web-01","db-01"],"shutdownLimit":"PT5M"}}.
 *
 * @see PlannedFailoverOfReplica the steps for each VM
 */
@WorkflowInterface
public interface PlannedFailover extends MemberWatch {
  /**
   * Fails over every VM named. Wrong input fails the run at once, with every mistake listed and
   * nothing changed.
   */
  @WorkflowMethod(name = "PlannedFailover")
  OperationResult failOver(@Nullable JsonNode input);
}
