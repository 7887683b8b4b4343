package io.switchback.operation;

import io.switchback.model.Mistakes;
import io.switchback.model.Pace;

/**
 * The input of a replication loop.
 *
 * @param vm name of the VM, for people
 * @param pace of the loop's steps
 * @param memory of the runs before
 */
public record ReplicationRequest(String replicaId, String vm, Pace pace, LoopMemory memory) {
  public ReplicationRequest {
    pace = pace == null ? Pace.DEFAULT : pace;
    memory = memory == null ? LoopMemory.NONE : memory;
    new Mistakes().required(replicaId, "replicaId").required(vm, "vm").refuse("replication");
  }

  /** For a loop that begins. */
  public ReplicationRequest(String replicaId, String vm, Pace pace) {
    this(replicaId, vm, pace, LoopMemory.NONE);
  }

  ReplicationRequest next(LoopMemory remembered) {
    return new ReplicationRequest(replicaId, vm, pace, remembered);
  }
}
