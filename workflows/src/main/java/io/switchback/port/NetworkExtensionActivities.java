package io.switchback.port;

import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.temporal.activity.ActivityInterface;

/**
 * Extends production's networks to the recovery site, so that production VMs reach a replica at its
 * own address. A degraded extension is an answer, not a fault: a failover does not fail for a
 * tunnel.
 *
 * <p>Every method: SITE_UNREACHABLE (retried) when the recovery site does not answer; VM_NOT_FOUND
 * when it knows no such replica.
 */
@ActivityInterface
public interface NetworkExtensionActivities {

  /**
   * Opens the recovery side for the replica's networks, then, in a call of its own, the production
   * side.
   *
   * <p>If it is open already, the replica is counted in once. Seconds to minutes; heartbeats.
   */
  NetworkState openExtension(OpenExtension request);

  /**
   * Counts the replica out; the extension ends with its last replica.
   *
   * <p>If the replica is not counted in, answers {@code changed = false}. Seconds; heartbeats.
   */
  Done leaveExtension(LeaveExtension request);

  /** Answers whether the replica is counted in, and how each side is. Changes nothing. */
  ExtensionView lookAtExtension(LookAtExtension request);

  /** An end of the extension. */
  enum Side {
    RECOVERY,
    PRODUCTION
  }

  /** How the extension is. */
  enum Condition {
    NOT_NEEDED,
    UP,
    DEGRADED
  }

  /** Asks for one side. */
  record OpenExtension(Mandate mandate, Replica replica, Side side) {}

  /** Asks how the extension is for the replica. */
  record LookAtExtension(Replica replica) {}

  /** Whether the replica is counted in, with a sentence that says how the sides are. */
  record ExtensionView(boolean counted, String detail) {}

  /** Asks to leave. */
  record LeaveExtension(Mandate mandate, Replica replica) {}

  /** How one side is, with a sentence that says why. */
  record NetworkState(Side side, Condition condition, String detail, int attempt) {}
}
