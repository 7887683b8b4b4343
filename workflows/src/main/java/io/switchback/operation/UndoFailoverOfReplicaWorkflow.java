package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.READY;
import static java.util.Objects.requireNonNull;

import io.switchback.lifecycle.Operation;
import io.switchback.model.RestorePoint;
import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/** Undo of one replica's failover, step by step. */
public final class UndoFailoverOfReplicaWorkflow extends RunOverReplica
    implements UndoFailoverOfReplica {
  private final RestorePoint newest;

  @WorkflowInit
  public UndoFailoverOfReplicaWorkflow(ReplicaRequest request) {
    super(Operation.UNDO_FAILOVER, request);
    newest = requireNonNull(request.member().newest(), "a failed-over replica has a restore point");
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult undo(ReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    replica.claim(); //                                  1
    replica.undo(vm::leaveStarting);
    replica.undo(vm::powerOn);
    vm.powerOff(); //                                    2
    vm.unsavedBytes(); //                                   says what is about to be discarded
    vm.revert(
        newest); //                                3  the point of no return: the delta is gone
    networks.leaveExtension(); //                        4
    if (replica.hasShutDownProduction()) {
      replica.production().powerOn(); //                 5
    }
    replica.resumeReplication(); //                      6
    replica.moveTo(READY); //                            7
  }
}
