package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Protects VMs: places a VM for each at the recovery site and starts its replication. Input: {@link
 * ProtectRequest}, as in {@code {"vms":["web-01"],"from":"berlin","to":"potsdam"}}.
 *
 * @see ProtectVm the steps for each VM
 */
@WorkflowInterface
public interface Protect extends MemberWatch {
  /**
   * Protects every VM named, or that has the tag or is in the folder; those that come later join by
   * themselves. Wrong input fails the run at once, with every mistake listed and nothing changed.
   */
  @WorkflowMethod(name = "Protect")
  OperationResult protect(@Nullable JsonNode input);
}
