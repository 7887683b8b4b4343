package io.switchback.operation;

import io.switchback.model.Mistakes;
import io.switchback.model.Pace;

/**
 * The input of a replication loop.
 *
 * @param vm name of the VM, for people
 * @param pace of the loop's steps
 */
public record ReplicationRequest(String replicaId, String vm, Pace pace) {
  public ReplicationRequest {
    pace = pace == null ? Pace.DEFAULT : pace;
    new Mistakes().required(replicaId, "replicaId").required(vm, "vm").refuse("replication");
  }
}
