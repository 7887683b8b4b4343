package io.switchback.operation;

import io.switchback.model.VmRef;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Protects one VM. Its workflow id, {@code protect/<site>/<vm id>}, is a mutex: two at once make
 * one replica.
 */
@WorkflowInterface
public interface ProtectVm extends ReplicaSteering {
  /** Name of the workflow type. */
  String TYPE = "ProtectVm";

  /** Workflow id of the run that protects the VM. */
  static String workflowId(VmRef production) {
    return "protect/" + production.site() + "/" + production.id();
  }

  /** Protects; ends done, or undone with nothing left behind. */
  @WorkflowMethod(name = TYPE)
  MemberResult protect(ProtectVmRequest request);
}
