package io.switchback.operation;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Failback;
import io.switchback.model.Replica;
import io.switchback.model.Switchover;
import io.switchback.port.FailbackActivities.MoveSwitch;
import io.switchback.port.ReplicationActivities.TimeSwitch;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The verbs on a switch that is made at its time. The time is a fact of the registry, and {@link
 * SwitchTimer} goes by it.
 */
final class ScheduledSwitch {
  private final ReplicaOperation operation;
  private final Replica replica;
  private final Ports ports;

  ScheduledSwitch(ReplicaOperation operation, ReplicaRequest request) {
    this.operation = operation;
    this.replica = request.member().replica();
    this.ports = operation.ports();
  }

  /** Whether anything is due while it waits for its switch. */
  static boolean hasTimer(Failback failback) {
    return failback.switchover() != Switchover.AUTO
        && (failback.switchAt() != null || failback.resynchroniseEvery() != null);
  }

  /** The timer runs, and goes by what the registry says now, whatever was stopped before. */
  void start() {
    time(true);
  }

  /** The same, but what a person has stopped stays so. */
  void goOn() {
    time(false);
  }

  private void time(boolean again) {
    operation.step(
        StepKind.START_TIMER,
        mandate ->
            ports
                .replication("Time what " + replica.name() + " waits for")
                .timeSwitch(new TimeSwitch(replica.id(), replica.name(), again)));
  }

  /** The registry has this time; the timer does not know of it yet. */
  void moveTo(Instant at) {
    operation.step(
        StepKind.MOVE_SWITCH,
        mandate ->
            ports
                .failbacks(replica.name() + " is switched over at " + at)
                .moveSwitch(new MoveSwitch(mandate, replica.id(), at)));
  }

  /**
   * There is nothing left to wait for. The timer finds that out by itself at its time, so nobody
   * parks for it.
   */
  void ends(Failback failback) {
    if (!hasTimer(failback)) {
      return;
    }
    try {
      ports
          .replication("The timer of " + replica.name() + " ends")
          .timeSwitch(new TimeSwitch(replica.id(), replica.name(), /* again= */ false));
    } catch (ActivityFailure looksLater) {
      Workflow.getLogger(ScheduledSwitch.class)
          .warn("the timer of the switch was not woken, vm={}", replica.name());
    }
  }

  /**
   * When the switch is due.
   *
   * @throws FaultException REFUSED when it is made by hand
   */
  Instant refuseUnlessScheduled(Failback failback) {
    Instant at = failback.switchAt();
    if (at == null) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not move the switch of '%s': its switchover is %s, and has no time. Start the same without \"at\" when it is to be switched over."
              .formatted(replica.name(), failback.switchover().name().toLowerCase(Locale.ROOT)));
    }
    return at;
  }

  /**
   * Ends a switch that a timer has started and that was moved meanwhile. Only who holds the claim
   * can tell: a move needs it, too.
   */
  static void leaveUnlessDue(Failback failback, @Nullable Instant due) {
    if (due != null && !due.equals(failback.switchAt())) {
      throw new Aborted(
          "nothing was switched: it was to be at %s, and is not any more".formatted(due));
    }
  }
}
