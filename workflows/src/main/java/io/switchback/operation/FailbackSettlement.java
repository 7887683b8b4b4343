package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static java.util.Objects.requireNonNull;

import io.switchback.lifecycle.Operation;
import io.switchback.model.Failback.Round;
import io.switchback.model.RestorePoint;
import io.switchback.model.Undoable;
import io.switchback.port.ReconcileActivities.HeldClaim;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The ends to which a dead claim of a failback, or of what ends one, is brought. Each is safe to
 * run again where an earlier one died.
 */
final class FailbackSettlement {
  private final ReplicaOperation operation;
  private final FailbackTarget target;
  private final Synchronisation sync;
  private final ScheduledSwitch schedule;

  FailbackSettlement(ReplicaOperation operation, ReplicaRequest request) {
    this.operation = operation;
    this.target = new FailbackTarget(operation, request);
    this.sync = new Synchronisation(operation, request, target);
    this.schedule = new ScheduledSwitch(operation, request);
  }

  void settle(HeldClaim claim, String choose, Observation seen) {
    TargetSeen home = seen.target();
    if (home != null) {
      target.goOnFrom(home.failback());
      sync.goOnFrom(home.failback());
    }
    switch (choose) {
      case Way.ROLL_FORWARD -> rollForward(claim.settles(), seen);
      case Way.ROLL_BACK -> rollBack(claim.settles(), seen);
      default -> operation.hold();
    }
  }

  private void rollForward(Operation settles, Observation seen) {
    switch (settles) {
      case FAILBACK, SWITCH_OVER -> becomeFailback(seen);
      case FAILBACK_LATER -> awaitSwitch(seen);
      case COMMIT_FAILBACK -> becomeReady(seen);
      default -> serveAgain(settles, seen);
    }
  }

  private void rollBack(Operation settles, Observation seen) {
    switch (settles) {
      case FAILBACK, FAILBACK_LATER -> serveAgain(settles, seen);
      case COMMIT_FAILBACK -> stayFailback(false);
      case UNDO_FAILBACK -> stayFailback(target.failback().powerOn());
      default -> awaitSwitch(seen);
    }
  }

  /** FAILOVER: the replica serves, and its target is what it was before the failback. */
  private void serveAgain(Operation settles, Observation seen) {
    operation.hold();
    TargetSeen home = seen.target();
    boolean wasSwitched = home != null && home.isSwitched();
    // One that was made and has served is nobody's to remove unasked.
    boolean keepsMade = home != null && home.isSwitched() && home.failback().makesTarget();
    if (keepsMade) {
      target.stop();
    } else if (wasSwitched) {
      target.putBack(); // first: it may run, at the addresses of its replica
    } else if (home != null && !home.isGone()) {
      target.fenceOff();
    }
    boolean starts = start(seen);
    operation.moveTo(FAILOVER);
    if (starts || wasSwitched || (settles == Operation.UNDO_FAILBACK && !seen.isGone())) {
      serve(seen);
    }
    if (home != null && !wasSwitched) {
      target.putBack();
    }
    forgetRounds(seen, null, home == null ? null : home.failback().protectivePoint());
    if (keepsMade && home != null && !home.isGone()) {
      target.release();
    }
    if (home != null) {
      if (!home.runs() || home.isProtected()) {
        target.restart();
      }
      target.end();
      schedule.ends(home.failback());
    }
  }

  /** READY_TO_SWITCH: the replica serves, and its target waits as the last round has left it. */
  private void awaitSwitch(Observation seen) {
    operation.hold();
    TargetSeen home = seen.target();
    if (home != null) {
      target.fenceOff();
    }
    boolean starts = start(seen);
    operation.moveTo(READY_TO_SWITCH);
    if (starts) {
      serve(seen);
    }
    Round round = home == null ? null : home.failback().round();
    forgetRounds(seen, round, null);
    if (home != null) {
      sync.tidyTarget(round);
      if (ScheduledSwitch.hasTimer(home.failback())) {
        schedule.goOn();
      }
    }
  }

  /** FAILBACK: the target is production, and the replica is as the switch has left it. */
  private void becomeFailback(Observation seen) {
    operation.hold();
    TargetSeen home = requireNonNull(seen.target(), "the switch is recorded with it");
    RestorePoint point = requireNonNull(home.failback().protectivePoint(), "is recorded");
    if (seen.runs()) {
      operation.vm().powerOff();
    }
    if (seen.isThere(point) && !seen.standsAt(point)) {
      operation.vm().revert(point);
    }
    operation.moveTo(FAILBACK);
    operation.networks().leaveExtension();
    target.plugIn();
    if (home.failback().powerOn()) {
      target.powerOn();
    }
    forgetRounds(seen, null, null);
    sync.tidyTarget(null);
    operation.window().open(Undoable.FAILBACK);
    schedule.ends(home.failback());
  }

  /** FAILBACK again, of which nothing that matters was taken away. */
  private void stayFailback(boolean powersOn) {
    operation.hold();
    if (powersOn) {
      target.powerOn();
    }
    operation.moveTo(FAILBACK);
  }

  /** READY: the target is production for good, and is replicated. */
  private void becomeReady(Observation seen) {
    if (seen.target() != null) {
      target.release();
      forgetRounds(seen, null, null);
      target.commit();
    }
    operation.resumeReplication();
    operation.moveTo(READY);
  }

  /** Powers on a replica that is off; answers whether it was. */
  private boolean start(Observation seen) {
    if (seen.isGone() || seen.runs()) {
      return false;
    }
    operation.check(
        Checks.PRODUCTION_STILL_RUNS,
        () -> operation.guard().besideReplica(requireNonNull(seen.replica())));
    RestorePoint point = seen.leftForProtective();
    if (point != null) {
      operation.vm().revert(point);
    }
    operation.vm().powerOn();
    return true;
  }

  private void serve(Observation seen) {
    if (!seen.isGone()) {
      operation.vm().serve();
    }
  }

  /**
   * Removes what only rounds needed. Restore points stay, also those that an earlier failback has
   * made.
   *
   * @param waits the round that a switch goes on from; null when none is left to be made
   * @param given the point that is no longer one; null when all stay
   */
  private void forgetRounds(Observation seen, @Nullable Round waits, @Nullable RestorePoint given) {
    Set<String> needed =
        seen.registry().points().stream().map(RestorePoint::snapshot).collect(Collectors.toSet());
    if (given != null) {
      needed.remove(given.snapshot());
    }
    if (waits != null) {
      needed.add(waits.snapshot());
    }
    sync.tidyReplica(seen.snapshots().names(), needed);
  }
}
