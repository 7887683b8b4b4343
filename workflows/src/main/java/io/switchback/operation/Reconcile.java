package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Settles claims that nobody works on any more. Without a choice it shows what hypervisor,
 * appliances and registry say, and what may be chosen; with {@code choose} it does that. Input:
 * {@link OperationRequest}, as in {@code {"vms":[{"name":"db-01","choose":"roll
 * back"}],"reason":"its run was terminated"}}.
 *
 * @see ReconcileOfReplica the steps for each VM
 */
@WorkflowInterface
public interface Reconcile extends MemberWatch {
  /**
   * Looks at every VM named, or settles it as chosen. A claim whose run still lives is refused,
   * with the run's name.
   */
  @WorkflowMethod(name = "Reconcile")
  OperationResult reconcile(@Nullable JsonNode input);
}
