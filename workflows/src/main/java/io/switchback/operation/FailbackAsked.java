package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.switchback.model.DiskPair;
import io.switchback.model.Failback;
import io.switchback.model.FailbackTo;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Replica;
import io.switchback.model.Switchover;
import io.switchback.model.VmRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a failback is meant.
 *
 * @param restored name or id of the VM that was restored elsewhere; empty unless the replica's data
 *     go back to one
 * @param location of the VM that the failback makes; null unless it makes one
 * @param at when the switch is due; null unless it is scheduled
 * @param powerOn whether the VM that the data go back to is powered on after the switch
 * @param resynchroniseEvery how often it is synchronised again while it waits for the switch; null:
 *     never
 */
public record FailbackAsked(
    FailbackTo to,
    String restored,
    @Nullable NewLocation location,
    Switchover switchover,
    @Nullable Instant at,
    boolean powerOn,
    @Nullable Duration resynchroniseEvery) {
  /** What is written down of it before anything is changed. */
  Failback begun(
      Replica replica,
      VmRef target,
      List<DiskPair> disks,
      List<NetworkMapping> networks,
      boolean targetRan,
      boolean targetIsolated,
      String targetSnapshot) {
    return new Failback(
        to,
        replica.production(),
        target,
        disks,
        networks,
        targetRan,
        targetIsolated,
        targetSnapshot,
        switchover,
        at,
        powerOn,
        /* round= */ null,
        /* protectivePoint= */ null,
        resynchroniseEvery);
  }

  /** The operation by which the lifecycle knows it. */
  Operation operation() {
    return switchover == Switchover.AUTO ? Operation.FAILBACK : Operation.FAILBACK_LATER;
  }
}
