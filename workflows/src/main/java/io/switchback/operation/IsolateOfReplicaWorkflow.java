package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.switchback.model.VmRef;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** Takes one VM off its networks, step by step. */
public final class IsolateOfReplicaWorkflow extends RunOverReplica implements IsolateOfReplica {
  @WorkflowInit
  public IsolateOfReplicaWorkflow(ReplicaRequest request) {
    super(Operation.ISOLATE, request);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult isolate(ReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim(); //                          1
    VmRef vm =
        replica.toBeIsolated(); //        2  production while the replica serves, else the replica
    replica.undo(() -> replica.reconnect(vm));
    replica.isolate(vm); //                      3
  }
}
