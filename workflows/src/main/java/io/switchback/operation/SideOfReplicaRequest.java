package io.switchback.operation;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.VmSide;
import org.jspecify.annotations.Nullable;

/**
 * What the run over one replica is given: what every one is, and which of its two VMs is meant.
 *
 * @param side null when it is not said: then production while the replica serves, else the replica
 */
public record SideOfReplicaRequest(ReplicaRequest replica, @Nullable VmSide side) {
  VmSide meant() {
    return side == null ? usual(replica.member().state()) : side;
  }

  /** The side that is meant when none is named. */
  public static VmSide usual(ReplicaState state) {
    return Drifts.serves(state) ? VmSide.PRODUCTION : VmSide.RECOVERY;
  }
}
