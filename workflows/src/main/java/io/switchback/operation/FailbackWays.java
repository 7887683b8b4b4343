package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;

import io.switchback.lifecycle.Operation;
import io.switchback.model.Failback;
import io.switchback.model.Failback.Round;
import io.switchback.model.RestorePoint;
import io.switchback.port.ReconcileActivities.HeldClaim;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ways to settle a dead claim of a failback, or of what ends one. */
final class FailbackWays {
  /** The operations that begin a failback, go on with it or end it. */
  private static final Set<Operation> KNOWN =
      EnumSet.of(
          Operation.FAILBACK,
          Operation.FAILBACK_LATER,
          Operation.SWITCH_OVER,
          Operation.RESYNCHRONISE,
          Operation.CANCEL_FAILBACK,
          Operation.COMMIT_FAILBACK,
          Operation.UNDO_FAILBACK);

  /** Those of which nothing but READY_TO_SWITCH is left, as long as the switch is not made. */
  private static final Set<Operation> STAYS_READY_TO_SWITCH =
      EnumSet.of(Operation.SWITCH_OVER, Operation.RESYNCHRONISE);

  private final Observation seen;
  private final @Nullable TargetSeen target;
  private final List<Way> ways = new ArrayList<>();

  private FailbackWays(Observation seen) {
    this.seen = seen;
    this.target = seen.target();
  }

  static boolean areFor(Operation operation) {
    return KNOWN.contains(operation);
  }

  static List<Way> of(HeldClaim claim, Observation seen) {
    FailbackWays fitting = new FailbackWays(seen);
    switch (claim.settles()) {
      case FAILBACK, FAILBACK_LATER, SWITCH_OVER -> fitting.synchronisation(claim.settles());
      case RESYNCHRONISE -> fitting.resynchronisation();
      case CANCEL_FAILBACK -> fitting.cancellation();
      case COMMIT_FAILBACK -> fitting.commit();
      case UNDO_FAILBACK -> fitting.undo();
      default -> throw new IllegalArgumentException(claim.settles() + " is about no failback");
    }
    if (fitting.ways.isEmpty() || (seen.isGone() && fitting.losesWithTheReplica(claim.settles()))) {
      fitting.asItIs();
    }
    return List.copyOf(fitting.ways);
  }

  /** Whether what production was sent so far may be the newest that is left anywhere. */
  private boolean losesWithTheReplica(Operation settles) {
    return target != null && !target.isSwitched() && !STAYS_READY_TO_SWITCH.contains(settles);
  }

  private void synchronisation(Operation settles) {
    if (target != null && target.isSwitched()) {
      switched(settles, target);
      return;
    }
    if (settles == Operation.SWITCH_OVER) {
      if (!seen.isGone()) {
        offer(
            Way.ROLL_BACK,
            "READY_TO_SWITCH as before%s; the next switch goes on from the last synchronisation"
                .formatted(startsAgain()));
      }
      return;
    }
    if (settles == Operation.FAILBACK_LATER && canWaitForTheSwitch()) {
      offer(
          Way.ROLL_FORWARD,
          "READY_TO_SWITCH: the first synchronisation is done; the replica serves until somebody switches over");
    }
    offer(Way.ROLL_BACK, "FAILOVER as before%s; %s".formatted(startsAgain(), putBack()));
  }

  private void resynchronisation() {
    if (!seen.isGone()) {
      offer(
          Way.ROLL_BACK,
          "READY_TO_SWITCH as before%s; the next synchronisation goes on from the last one that is complete"
              .formatted(startsAgain()));
    }
  }

  private void switched(Operation settles, TargetSeen home) {
    // A switch of its own leads from READY_TO_SWITCH, where the registry cannot go back to from
    // here; from FAILBACK the undo leads on.
    if (settles == Operation.SWITCH_OVER || home.holdsTheSwitch()) {
      offer(
          Way.ROLL_FORWARD,
          "FAILBACK: %s is production%s; %sit can be committed or undone then"
              .formatted(
                  home.failback().target(),
                  home.failback().powerOn() ? " and is powered on" : "",
                  stopsAgain(home.failback())));
    }
    if (settles != Operation.SWITCH_OVER && !seen.isGone()) {
      offer(Way.ROLL_BACK, "FAILOVER as before; %s; %s".formatted(putBack(), runsAgain()));
    }
  }

  private void cancellation() {
    offer(Way.ROLL_FORWARD, "FAILOVER%s; %s".formatted(startsAgain(), putBack()));
    if (canWaitForTheSwitch()) {
      offer(Way.ROLL_BACK, "READY_TO_SWITCH as before; nothing was put back");
    }
  }

  private void commit() {
    if (target == null) {
      offer(Way.ROLL_FORWARD, "READY: the commit is recorded; replication goes on");
      return;
    }
    offer(
        Way.ROLL_FORWARD,
        "READY: %s keeps what it holds; %s, and the failback cannot be undone any more; replication goes on"
            .formatted(
                target.failback().target(),
                target.failback().makesTarget()
                    ? "it is a VM like any other from then on"
                    : "the snapshot of what it was before the failback goes"));
    if (target.isProtected()) {
      offer(Way.ROLL_BACK, "FAILBACK as before; it can still be undone");
    }
  }

  private void undo() {
    if (!seen.isGone()) {
      offer(Way.ROLL_FORWARD, "FAILOVER; %s; %s".formatted(putBack(), runsAgain()));
    }
    if (target != null
        && target.holdsTheSwitch()
        && seen.registry().state() == FAILBACK
        && !seen.runs()) {
      offer(
          Way.ROLL_BACK,
          "FAILBACK as before: %s keeps what it holds%s"
              .formatted(
                  target.failback().target(),
                  target.failback().powerOn() && !target.runs() ? " and is powered on" : ""));
    }
  }

  private void asItIs() {
    offer(
        Way.ADOPT,
        "stays %s, in the registry alone%s%s. %s the VM then, and protect it anew"
            .formatted(
                seen.registry().state(),
                seen.isGone() ? ": the replica's VM is gone from its site" : "",
                target == null
                    ? ""
                    : "; %s keeps what it holds now".formatted(target.failback().target()),
                seen.registry().state() == READY_TO_SWITCH
                    ? "Cancel the failback, unprotect"
                    : "Unprotect"));
  }

  /** Whether the replica serves, and both stand where the last synchronisation has left them. */
  private boolean canWaitForTheSwitch() {
    Round round = target == null ? null : target.failback().round();
    return target != null
        && round != null
        && target.standsAtRound()
        && seen.runs()
        && seen.snapshots().names().contains(round.snapshot());
  }

  /** What becomes of the VM that the data were to go back to. */
  private String putBack() {
    if (target == null) {
      return "nothing of the failback is left at production";
    }
    Failback failback = target.failback();
    if (failback.makesTarget()) {
      return takenAway(target);
    }
    String restarted = failback.targetRan() ? ", and powers it on again" : "";
    if (!target.answers()) {
      return "%s does not answer: it is put back once it does%s, or stays as it is where somebody skips that"
          .formatted(failback.target(), restarted);
    }
    if (target.isProtected()) {
      return "puts %s back to what it was before the failback%s: what was written to it since is gone for good"
          .formatted(failback.target(), restarted);
    }
    return failback.round() == null
        ? "%s was not changed%s".formatted(failback.target(), restarted)
        : "%s stays as it is%s: its own snapshot is gone, because it was put back already or somebody has deleted that"
            .formatted(failback.target(), restarted);
  }

  /** The same for one that the failback has made, or was to make. */
  private static String takenAway(TargetSeen made) {
    String vm = made.failback().target().toString();
    if (made.isSwitched()) {
      return made.isGone()
          ? vm + " is gone"
          : vm + " is powered off, and stays with all that it holds, a VM like any other";
    }
    if (!made.answers() && !made.isGone()) {
      return vm
          + " does not answer: it is removed once it does, or stays where somebody skips that";
    }
    return made.isGone() || made.isProtected()
        ? "removes %s, as far as it was made".formatted(vm)
        : vm + " stays as it is: it is not marked as what the failback made";
  }

  private String startsAgain() {
    if (seen.isGone()) {
      return ", in the registry alone: the replica's VM is gone from its site";
    }
    return seen.runs()
        ? ""
        : ": powers the replica on again with all that it wrote; extends its networks and verifies it";
  }

  /** What becomes of a replica that was stopped by a switch. */
  private String runsAgain() {
    RestorePoint point = seen.leftForProtective();
    if (point != null) {
      return "reverts the replica to %s%s and powers it on; extends its networks and verifies it"
          .formatted(point.id(), discarded());
    }
    String bytes =
        seen.snapshots().unsavedBytes() == 0
            ? ""
            : ", with the %d bytes that it wrote since".formatted(seen.snapshots().unsavedBytes());
    return seen.runs()
        ? "the replica runs on%s; extends its networks and verifies it".formatted(bytes)
        : "powers the replica on as it was before the switch%s; extends its networks and verifies it"
            .formatted(bytes);
  }

  /** Nothing, where the replica is as the switch has left it. */
  private String stopsAgain(Failback failback) {
    RestorePoint point = failback.protectivePoint();
    if (seen.isGone() || point == null || seen.standsAt(point)) {
      return "";
    }
    return seen.isThere(point)
        ? "%sreverts the replica to %s%s; "
            .formatted(seen.runs() ? "powers the replica off and " : "", point.id(), discarded())
        : seen.runs() ? "powers the replica off; " : "";
  }

  private String discarded() {
    long bytes = seen.snapshots().unsavedBytes();
    return bytes == 0
        ? ""
        : ": %d bytes that it wrote on top of '%s' are gone for good"
            .formatted(bytes, seen.snapshots().current());
  }

  private void offer(String choose, String effect) {
    ways.add(new Way(choose, effect));
  }
}
