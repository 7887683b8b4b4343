package io.switchback.port;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.CommitWindow;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.VmSide;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may change a replica. One atomic update decides; two operations at once on one replica:
 * exactly one wins.
 *
 * <p>Every method: REGISTRY_UNAVAILABLE (retried). Every method but {@code claimReplica}: FENCED,
 * and nothing changed, when the mandate's operation does not hold the claim, or a higher step of it
 * has been seen.
 */
@ActivityInterface
public interface ClaimActivities {

  /**
   * Claims the replica for the operation and raises its epoch, by which every earlier replication
   * cycle is fenced off. The epoch is one that no replica has had.
   *
   * <p>If the same operation id holds it already, answers the claim as it was given. A restore
   * point that is named is in use from now on, until the replica is released READY: retention
   * leaves it alone. Milliseconds.
   *
   * @throws io.switchback.fault.FaultException RESTORE_POINT_NOT_FOUND, and nothing claimed, when
   *     retention has let the named point go; REFUSED when the state forbids the operation, with
   *     what is allowed now, or when another operation holds the replica, with its name and run;
   *     FENCE_AHEAD when a site has seen a fence that this registry has not given out, which one
   *     that was restored from an old backup would give out again; REFUSED also when this operation
   *     has released the replica already
   */
  Claim claimReplica(ClaimReplica request);

  /**
   * Moves the replica to a state. If it is there already, answers {@code changed = false}.
   * Milliseconds.
   *
   * <p>The lifecycle decides: only the state that the claim's operation leads to and the state that
   * it came from are accepted.
   */
  Done moveReplica(MoveReplica request);

  /**
   * Puts replication of the replica on hold: no cycle begins until it is resumed. If it is on hold
   * already, answers {@code changed = false}. Milliseconds.
   */
  Done holdReplication(HoldReplication request);

  /**
   * Remembers, until the replica is released READY, that the operation shuts production down, and
   * whether it ran before; every claim and every look at a claim says it from then on. If the same
   * is remembered already, answers {@code changed = false}. Milliseconds.
   */
  Done rememberProduction(RememberProduction request);

  /** Ends the hold. If there is none, answers {@code changed = false}. Milliseconds. */
  Done resumeReplication(ResumeReplication request);

  /**
   * Ends the claim; the replica keeps its state. Raises the epoch once more: a cycle's number
   * stands where the operation's step stood in the fence, and the next cycle must outrank the last
   * step.
   *
   * <p>If the operation released it already, answers {@code changed = false}. Milliseconds.
   */
  Done releaseReplica(ReleaseReplica request);

  /**
   * Asks for a claim.
   *
   * @param workflowId and {@code runId} of the run that asks, so that others can be told who holds
   *     the replica
   * @param by who started the operation
   * @param restorePoint id of the restore point that was asked for, for whoever has to finish the
   *     operation in its place; null where none is
   * @param side of the VM that the operation is about, for the same; null where it is about both
   */
  record ClaimReplica(
      String operationId,
      Operation operation,
      String replicaId,
      String workflowId,
      String runId,
      String by,
      @Nullable String restorePoint,
      @Nullable VmSide side) {}

  /**
   * The claim, with the fence of its first step and the state that the replica came from.
   *
   * @param shutDown what a planned failover has made of production; null when none did
   * @param windows at whose end the replica's failover or failback is committed or undone
   */
  record Claim(
      Fence fence,
      ReplicaState from,
      @Nullable ShutDownProduction shutDown,
      List<CommitWindow> windows,
      int attempt) {
    public Claim {
      windows = windows == null ? List.of() : List.copyOf(windows);
    }

    /** Of a replica whose production nobody has shut down, and that has no window. */
    public Claim(Fence fence, ReplicaState from, int attempt) {
      this(fence, from, null, List.of(), attempt);
    }
  }

  /**
   * Production that a planned failover has shut down, or was about to.
   *
   * @param ran whether it ran before, and is to run again when the failover is undone
   */
  record ShutDownProduction(boolean ran) {}

  /** Asks for a state. */
  record MoveReplica(Mandate mandate, String replicaId, ReplicaState to) {}

  /** Asks for a hold, for people with its reason. */
  record HoldReplication(Mandate mandate, String replicaId, String reason) {}

  /** Asks to remember that production is shut down, and whether it ran. */
  record RememberProduction(Mandate mandate, String replicaId, boolean ran) {}

  /** Asks to end the hold. */
  record ResumeReplication(Mandate mandate, String replicaId) {}

  /** Asks to end the claim. */
  record ReleaseReplica(Mandate mandate, String replicaId) {}
}
