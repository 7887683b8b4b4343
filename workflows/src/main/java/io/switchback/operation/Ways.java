package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.RestorePoint;
import io.switchback.port.ClaimActivities.ShutDownProduction;
import io.switchback.port.ReconcileActivities.HeldClaim;
import java.util.ArrayList;
import java.util.List;

/**
 * Which ways to settle a dead claim fit what is there, each with its effect. A way that would lose
 * a restore point, or what a replica wrote, without saying so is not offered.
 */
final class Ways {
  private final Observation seen;
  private final List<Way> ways = new ArrayList<>();

  private Ways(Observation seen) {
    this.seen = seen;
  }

  static List<Way> of(Observation seen) {
    HeldClaim claim = seen.registry().claim();
    if (claim == null) {
      return List.of();
    }
    if (FailbackWays.areFor(claim.settles())) {
      return FailbackWays.of(claim, seen);
    }
    Ways fitting = new Ways(seen);
    if (areLeftWithNothing(seen)) {
      fitting.asItIs();
      return List.copyOf(fitting.ways);
    }
    switch (claim.settles()) {
      case PARTIAL_FAILOVER, PLANNED_FAILOVER, FULL_SITE_FAILOVER ->
          fitting.failover(claim.settles());
      case UNDO_FAILOVER -> fitting.undo();
      case PERMANENT_FAILOVER -> fitting.permanent();
      case ADOPT -> fitting.adoption();
      case UNPROTECT -> fitting.unprotection();
      case ISOLATE -> fitting.isolation();
      case RECONNECT -> fitting.reconnection();
      case RECONFIGURE ->
          fitting.offer(Way.ADOPT, "keeps how it is protected as the registry has it now");
      case MOVE_SWITCH ->
          fitting.offer(Way.ADOPT, "is switched over at the time that the registry has now");
      default -> {
        // No operation of that kind makes a claim yet.
      }
    }
    return List.copyOf(fitting.ways);
  }

  /**
   * Whether nothing is left at the recovery site that the operation could go on with or go back to.
   * An end of protection wants nothing to be left, and a change of networks needs no restore point.
   */
  static boolean areLeftWithNothing(Observation seen) {
    HeldClaim claim = seen.registry().claim();
    if (claim == null || FailbackWays.areFor(claim.settles())) {
      return false;
    }
    return switch (claim.settles()) {
      case UNPROTECT, ISOLATE, RECONNECT, RECONFIGURE, MOVE_SWITCH -> false;
      case PERMANENT_FAILOVER, ADOPT -> seen.isGone();
      default ->
          seen.isGone()
              || (!seen.runs()
                  && seen.newest() == null
                  && seen.registry().state() != ReplicaState.FAILOVER);
    };
  }

  private void asItIs() {
    offer(
        Way.ROLL_BACK,
        "stays %s, in the registry alone: %s, so nothing can be done with it. Unprotect the VM then, and protect it anew"
            .formatted(
                seen.registry().state(),
                seen.isGone()
                    ? "the replica's VM is gone from its site"
                    : "none of its restore points is there"));
  }

  private void unprotection() {
    if (!seen.isMarked()) {
      offer(
          Way.ROLL_FORWARD,
          "no longer protected; %s; its sheet and what replication left at production go"
              .formatted(
                  seen.isGone()
                      ? "its VM and its restore points are gone already"
                      : "its VM and its restore points stay, left to the site already"));
      return;
    }
    ReplicaState state = seen.registry().state();
    if (!Drifts.serves(state)) {
      offer(
          Way.ROLL_BACK,
          state
              + (Drifts.isHeld(state)
                  ? " as before; nothing was removed"
                  : " as before; nothing was removed, replication goes on"));
    } else if (seen.runs()) {
      offer(Way.ROLL_BACK, state + " as before; nothing was removed, and it runs on");
    } else {
      offer(
          Way.ROLL_BACK,
          "%s as before: powers it on again with the %s that it wrote; extends its networks and verifies it"
              .formatted(state, bytes()));
    }
  }

  private void isolation() {
    offer(Way.ROLL_FORWARD, "unplugs %s from its networks".formatted(subject()));
    offer(Way.ROLL_BACK, "plugs %s in again where it was unplugged".formatted(subject()));
    leaveNetworks();
  }

  private void reconnection() {
    offer(Way.ROLL_FORWARD, "plugs %s in again where it was unplugged".formatted(subject()));
    leaveNetworks();
  }

  /** For a site that is away, which no way could reach. */
  private void leaveNetworks() {
    offer(Way.ADOPT, "leaves the networks of %s as they are now".formatted(subject()));
  }

  private String subject() {
    return Drifts.serves(seen.registry().state()) ? "production" : "the replica";
  }

  private void failover(Operation operation) {
    RestorePoint chosen = seen.chosen();
    if (seen.runs()) {
      offer(
          Way.ADOPT,
          "FAILOVER as it runs now; nothing is changed at the hypervisor, networks are not"
              + " extended, nothing is verified");
      offer(Way.ROLL_FORWARD, "FAILOVER as it runs now; extends its networks and verifies it");
    } else if (seen.registry().state() == ReplicaState.FAILOVER) {
      offer(
          Way.ROLL_FORWARD,
          "powers it on again with the %s that it wrote; extends its networks and verifies it"
              .formatted(bytes()));
    } else if (chosen != null) {
      offer(
          Way.ROLL_FORWARD,
          "reverts it to %s%s and powers it on%s; extends its networks and verifies it"
              .formatted(
                  chosen.id(),
                  discarded(),
                  operation == Operation.PLANNED_FAILOVER
                      ? ", without what production has written after that point"
                      : ""));
    }
    offerReady(Way.ROLL_BACK);
  }

  private void undo() {
    offerReady(Way.ROLL_FORWARD);
    if (!seen.standsAtNewest()) {
      offer(
          Way.ROLL_BACK,
          "FAILOVER again%s, with the %s that it wrote; extends its networks and verifies it"
              .formatted(seen.runs() ? "" : ": powers it on", bytes()));
    }
    if (seen.runs()) {
      offer(
          Way.ADOPT,
          "FAILOVER as it runs now; nothing is changed at the hypervisor, nothing is verified");
    }
  }

  private void permanent() {
    int left = seen.registry().letGo().size() + seen.registry().points().size();
    offer(
        Way.ROLL_FORWARD,
        "removes the %d restore points that are left, for good; what it wrote is merged; PERMANENT"
            .formatted(left));
    // Points that were let go may be gone: who rolled back then would have nothing to undo to.
    if (seen.newest() != null && seen.registry().letGo().isEmpty()) {
      offer(Way.ROLL_BACK, "FAILOVER as before; no restore point is removed");
    }
  }

  private void adoption() {
    if (seen.runs()) {
      offer(Way.ROLL_FORWARD, "FAILOVER as it runs now; extends its networks and verifies it");
    }
    offer(
        Way.ROLL_BACK,
        seen.runs()
            ? "READY as before, with the replica running by hand; it will be found again as drift"
            : "READY; the next cycle begins from its newest restore point");
  }

  private void offerReady(String choose) {
    RestorePoint newest = seen.newest();
    if (newest != null) {
      offer(
          choose,
          "%sreverts it to %s%s; leaves the network extension%s; READY, replication goes on"
              .formatted(
                  seen.runs() ? "powers it off, " : "",
                  newest.id(),
                  discarded(),
                  hasShutDown() ? ", powers production on again" : ""));
    }
  }

  private boolean hasShutDown() {
    ShutDownProduction production = seen.registry().shutDown();
    return production != null && production.ran();
  }

  private String discarded() {
    return seen.snapshots().unsavedBytes() == 0 ? "" : ": %s are gone for good".formatted(bytes());
  }

  private String bytes() {
    return seen.snapshots().unsavedBytes() + " bytes";
  }

  private void offer(String choose, String effect) {
    ways.add(new Way(choose, effect));
  }
}
