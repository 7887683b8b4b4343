package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Ends the protection of VMs. Input: {@link OperationRequest} and {@link Unprotection}, as in
 * {@code {"vms":["web-01"],"replica":"remove"}}; or a tag or folder, as in {@code
 * {"tag":"gold","from":"berlin"}}, whose VMs then stay protected but no new one joins.
 *
 * @see UnprotectReplica the steps for each VM
 */
@WorkflowInterface
public interface Unprotect extends MemberWatch {
  /**
   * Unprotects every VM named. Wrong input fails the run at once, with every mistake listed and
   * nothing changed.
   */
  @WorkflowMethod(name = "Unprotect")
  OperationResult unprotect(@Nullable JsonNode input);
}
