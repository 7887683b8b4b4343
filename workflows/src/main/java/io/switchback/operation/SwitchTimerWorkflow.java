package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.Failures;
import io.switchback.lifecycle.Operation;
import io.switchback.model.Failback;
import io.switchback.model.Pace;
import io.switchback.port.FailbackActivities.DescribeFailback;
import io.temporal.common.VersioningBehavior;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The timer of one failback that waits for its switch. The registry is the truth: it is asked at
 * every turn, and a turn takes place when somebody wakes the timer or a time has come.
 */
public final class SwitchTimerWorkflow implements SwitchTimer {
  /**
   * A wait costs nothing however long it is, so that a usual history has a dozen events. Only who
   * is refused again and again, or asks a registry that is away for days, would fill one: that one
   * is cut.
   */
  private static final int TURNS_PER_RUN = 50;

  private static final String STEP = "switchOver";

  private final SwitchTimerRequest request;
  private final Ports ports;
  private final LoopPager pager;
  private final Nap nap = new Nap();
  private final WaitingRounds rounds;
  private @Nullable TimedRun running;
  private @Nullable Instant stopped;
  private String why = ""; //  it was stopped, unless an earlier run of the timer has seen that
  private boolean wanted; //   again, whatever comes of the attempt that runs
  private int tries;

  @WorkflowInit
  public SwitchTimerWorkflow(SwitchTimerRequest request) {
    this.request = request;
    this.ports = new Ports(Pace.DEFAULT);
    this.pager = new LoopPager(ports, Operation.SWITCH_OVER.words(), request.told());
    this.tries = request.tries();
    this.stopped = request.stopped();
    this.rounds = new WaitingRounds(request, pager);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.AUTO_UPGRADE)
  public void await(SwitchTimerRequest asked) {
    Workflow.upsertTypedSearchAttributes(
        Attributes.OPERATION.valueSet(Operation.SWITCH_OVER.words() + ", later"),
        Attributes.VM.valueSet(request.vm()));
    // A run that goes on in the next one must know no attempt: nobody would hear of its end.
    for (int turns = 0; turns < TURNS_PER_RUN || isBusy(); turns++) {
      nap.begin();
      if (!turn()) {
        pager.awaitCalls();
        return;
      }
    }
    pager.awaitCalls();
    Workflow.await(Workflow::isEveryHandlerFinished);
    Workflow.continueAsNew(
        new SwitchTimerRequest(
            request.replicaId(),
            request.vm(),
            tries,
            stopped,
            pager.told(),
            rounds.failed(),
            rounds.triedAt()));
  }

  private boolean isBusy() {
    return running != null || rounds.isRunning();
  }

  /** Asks, and does what is due; answers whether there is anything left to wait for. */
  private boolean turn() {
    TimedRun attempt = running;
    // What the registry says counts for an attempt only when it is asked after its end.
    boolean isOver = attempt != null && attempt.isOver();
    Failback failback;
    try {
      failback = ask();
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      show("asks the registry again in a minute: " + Failures.toFault(failure).sentence());
      nap.rest(Nap.AFTER_A_PROBLEM, "until the registry is asked again");
      return true;
    }
    if (failback == null
        || !ScheduledSwitch.hasTimer(failback)
        || failback.protectivePoint() != null) {
      show("nothing is left to wait for");
      return false;
    }
    if (nap.isWoken()) {
      return true;
    }
    if (rounds.isRunning()) {
      rounds.await(nap, due(failback));
    } else if (attempt == null) {
      goOn(failback);
    } else if (isOver) {
      running = null;
      judge(attempt.ending(), failback.switchAt());
    } else {
      Workflow.await(() -> attempt.isOver() || nap.isWoken());
    }
    return true;
  }

  private @Nullable Failback ask() {
    return ports
        .failbacks("When is " + request.vm() + " to be switched over?")
        .describeFailback(new DescribeFailback(request.replicaId()))
        .failback();
  }

  private void goOn(Failback failback) {
    Instant now = RunClock.now();
    Instant due = due(failback);
    Instant round = rounds.next(failback, now);
    if (due != null && !due.isAfter(now)) {
      TimedRun begun = start(due);
      show("now, as scheduled for %s: run `%s`".formatted(due, begun.workflowId()));
      running = begun;
      wanted = false;
    } else if (round != null && !round.isAfter(now)) {
      show(rounds.start(now));
    } else {
      rest(failback, due, round, now);
    }
  }

  /** When it is switched by itself; null when that was stopped, or is not wanted. */
  private @Nullable Instant due(Failback failback) {
    Instant due = failback.switchAt();
    return due == null || due.equals(stopped) ? null : due;
  }

  private void rest(
      Failback failback, @Nullable Instant due, @Nullable Instant round, Instant now) {
    Instant scheduled = failback.switchAt();
    if (scheduled == null || due != null) {
      tries = 0;
      pager.ended(request.vm(), STEP);
    }
    show(waits(scheduled, due) + rounds.words(failback, round));
    if (due == null && round == null) {
      // Whoever moves the time, or wants the same once more, wakes the timer.
      Workflow.await(nap::isWoken);
    } else if (due == null || (round != null && round.isBefore(due))) {
      nap.rest(
          Duration.between(now, requireNonNull(round, "something is due")),
          "until " + request.vm() + " is synchronised again");
    } else {
      nap.rest(Duration.between(now, due), "until " + request.vm() + " is switched over");
    }
  }

  private String waits(@Nullable Instant scheduled, @Nullable Instant due) {
    if (scheduled == null) {
      return "when somebody starts `SwitchOver`; the replica serves until then. `CancelFailback` ends it";
    }
    return due == null
        ? Details.escaped(stoppedAt(scheduled))
        : "at **%s**; the replica serves until then. `SwitchOver` with `\"at\"` moves it, without it switches now; `CancelFailback` ends it"
            .formatted(due);
  }

  private void judge(TimedRun.Ending ending, @Nullable Instant due) {
    // Of a time that was moved meanwhile nothing is to be told, and who wakes the timer wants the
    // same once more.
    if (wanted || due == null || !ending.due().equals(due)) {
      return;
    }
    if (ending.end() == TimedRun.End.REFUSED) {
      tryLater(due, ending.why());
    } else {
      stop(due, ending);
    }
  }

  /** Whoever holds the replica only for a moment is not worth a call. */
  private void tryLater(Instant due, String why) {
    Duration pause = Nap.pause(tries++);
    String sentence =
        "'%s' could not be switched over at %s, and is tried again until it goes through: %s"
            .formatted(request.vm(), due, why);
    show(Details.escaped(sentence));
    if (tries > 1) {
      pager.tellOnce(request.vm(), STEP, "REFUSED", sentence);
    }
    nap.rest(pause, "until the switch is tried again");
  }

  private void stop(Instant due, TimedRun.Ending ending) {
    stopped = due;
    why = ": " + ending.why();
    pager.tellOnce(request.vm(), STEP, "STOPPED", stoppedAt(due));
  }

  private String stoppedAt(Instant due) {
    return "The switch of '%s' at %s was stopped%s. It is not tried again by itself: switch it over, move its time, or cancel the failback."
        .formatted(request.vm(), due, why);
  }

  private TimedRun start(Instant due) {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("vms", List.of(request.vm()));
    input.put(SwitchOverInput.DUE, due.toString());
    input.put("by", "schedule");
    input.put("reason", "scheduled for " + due);
    return TimedRun.start(
        "SwitchOver",
        SwitchTimer.workflowId(request.replicaId()),
        "switch over " + request.vm() + ", scheduled",
        input,
        due);
  }

  private void show(String words) {
    Workflow.setCurrentDetails(
        "**switch over %s**\n\n%s".formatted(Details.escaped(request.vm()), words));
  }

  @Override
  public void wake() {
    stopped = null;
    wanted = true;
    nap.wake();
  }

  @Override
  public void look() {
    nap.wake();
  }
}
