package io.switchback.port;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmSide;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.ShutDownProduction;
import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the registry says of a claim that nobody works on any more, and how another operation takes
 * it over. Every method: REGISTRY_UNAVAILABLE (retried). Milliseconds.
 */
@ActivityInterface
public interface ReconcileActivities {

  /**
   * Answers what the registry says of the replica and of whoever holds it. Changes nothing.
   *
   * @throws io.switchback.fault.FaultException REFUSED when the VM is no longer protected
   */
  RegistryView describeClaim(DescribeClaim request);

  /**
   * Takes the replica over from the operation that holds it, in one update that also raises the
   * epoch: whatever that operation still tries is refused from now on, and its admission leases are
   * free. The new claim comes from the same state and leads where that operation would have led.
   *
   * <p>If the same operation id holds it already, answers the claim as it was given.
   *
   * @throws io.switchback.fault.FaultException REFUSED when another operation, or the same one
   *     under another epoch, holds it now, or nobody does, or when this operation has released it
   *     already; FENCE_AHEAD when a site has seen a higher fence
   */
  Claim takeOverReplica(TakeOverReplica request);

  /** Asks what the registry says. */
  record DescribeClaim(String replicaId) {}

  /**
   * What the registry says of a replica.
   *
   * @param claim null when no operation holds it
   * @param hold why replication waits; null when it does not
   * @param points that an operation may ask for, newest first
   * @param letGo points that were let go and whose snapshots are not known to be gone, oldest first
   * @param leases places that the holder keeps from others, such as among those that start
   * @param shutDown what a planned failover has made of production; null when none did
   */
  record RegistryView(
      ReplicaState state,
      @Nullable HeldClaim claim,
      @Nullable String hold,
      List<RestorePoint> points,
      List<RestorePoint> letGo,
      int leases,
      @Nullable ShutDownProduction shutDown) {
    public RegistryView {
      points = List.copyOf(points);
      letGo = List.copyOf(letGo);
    }

    /** Of a replica whose production nobody has shut down. */
    public RegistryView(
        ReplicaState state,
        @Nullable HeldClaim claim,
        @Nullable String hold,
        List<RestorePoint> points,
        List<RestorePoint> letGo,
        int leases) {
      this(state, claim, hold, points, letGo, leases, null);
    }
  }

  /**
   * A claim that was not released.
   *
   * @param settles the operation that was to be done; the same as {@code operation}, unless that is
   *     a reconcile itself
   * @param from the state that the replica came from
   * @param restorePoint id of the restore point that was asked for; null when none was
   * @param side of the VM that it is about; null when it is about both
   */
  record HeldClaim(
      String operationId,
      Operation operation,
      Operation settles,
      String workflowId,
      String runId,
      String by,
      Instant since,
      ReplicaState from,
      long epoch,
      @Nullable String restorePoint,
      @Nullable VmSide side) {}

  /**
   * Asks to take a replica over.
   *
   * @param deadOperationId and {@code deadEpoch} of the claim that was seen
   * @param workflowId and {@code runId} of the run that asks
   */
  record TakeOverReplica(
      String operationId,
      String replicaId,
      String deadOperationId,
      long deadEpoch,
      String workflowId,
      String runId,
      String by) {}
}
