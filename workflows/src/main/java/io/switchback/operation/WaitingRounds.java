package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.model.Failback;
import io.switchback.model.Failback.Round;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The synchronisations of a failback that waits for its switch. Each is a run of its own, under its
 * own claim, which gives up where others park: the switch never waits for a person because of it.
 */
final class WaitingRounds {
  private static final String STEP = "resynchronise";
  private static final Duration FIRST_PAUSE = Duration.ofMinutes(5);

  private final SwitchTimerRequest request;
  private final LoopPager pager;
  private @Nullable TimedRun running;
  private @Nullable Instant triedAt;
  private int failed;
  private boolean isCancelled;
  private String why = "";

  WaitingRounds(SwitchTimerRequest request, LoopPager pager) {
    this.request = request;
    this.pager = pager;
    this.failed = request.failedRounds();
    this.triedAt = request.triedAt();
  }

  boolean isRunning() {
    return running != null;
  }

  /** How many came to nothing since the last one that did not. */
  int failed() {
    return failed;
  }

  /** When the last one was begun; null when none was. */
  @Nullable Instant triedAt() {
    return triedAt;
  }

  /** When the next one is due, which may be past; null when none is wanted. */
  @Nullable Instant next(Failback failback, Instant now) {
    Duration every = failback.resynchroniseEvery();
    if (every == null) {
      return null;
    }
    Instant made = madeAt(failback);
    Instant tried = triedAt;
    if (made == null && tried == null) {
      // Nobody wrote down when the first one was made.
      tried = now;
      triedAt = now;
    }
    if (made != null && (tried == null || made.isAfter(tried))) {
      // Also when a person has made it: what failed before is over.
      recovered();
      return made.plus(every);
    }
    return requireNonNull(tried).plus(failed == 0 ? every : pause(every));
  }

  private void recovered() {
    failed = 0;
    pager.ended(request.vm(), STEP);
  }

  /** Whoever is refused, or gives up, is not tried again at once. */
  private Duration pause(Duration every) {
    Duration pause = FIRST_PAUSE;
    for (int i = 1; i < failed && pause.compareTo(every) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(every) < 0 ? pause : every;
  }

  /** Starts one; answers what is to be shown. */
  String start(Instant now) {
    triedAt = now;
    isCancelled = false;
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("vms", List.of(request.vm()));
    input.put(ResynchroniseInput.UNATTENDED, true);
    input.put("by", "schedule");
    input.put("reason", "so that little is left for the switch");
    TimedRun begun =
        TimedRun.start(
            "ResynchroniseFailback",
            SwitchTimer.workflowId(request.replicaId()),
            "synchronise what " + request.vm() + " goes back to",
            input,
            now);
    running = begun;
    return "is synchronised once more while the replica serves: run `%s`"
        .formatted(begun.workflowId());
  }

  /**
   * Waits for the one that runs. It gives way to a switch that is due: that makes one itself.
   *
   * @param due when it is switched by itself; null when it is not
   */
  void await(Nap nap, @Nullable Instant due) {
    TimedRun begun = requireNonNull(running);
    if (due == null || isCancelled) {
      Workflow.await(() -> begun.isOver() || nap.isWoken());
    } else {
      Duration left = Duration.between(RunClock.now(), due);
      if (left.isPositive()) {
        var _ = Workflow.await(left, () -> begun.isOver() || nap.isWoken());
      } else if (!begun.isOver()) {
        isCancelled = true;
        begun.cancel();
      }
    }
    if (begun.isOver()) {
      running = null;
      judge(begun.ending());
    }
  }

  private void judge(TimedRun.Ending ending) {
    if (ending.end() == TimedRun.End.DONE) {
      recovered();
    } else if (!isCancelled) {
      failed++;
      why = ending.why();
      // Whoever holds the replica only for a moment is not worth a call.
      if (failed > 1) {
        pager.tellOnce(
            request.vm(),
            STEP,
            "REFUSED",
            "'%s' waits for its switch and could not be synchronised again: %s. It is tried again. It can be switched over all the same; there is more to send first."
                .formatted(request.vm(), ending.why()));
      }
    }
  }

  /** What was made last and comes next, for people; nothing when none is wanted. */
  String words(Failback failback, @Nullable Instant next) {
    if (next == null) {
      return "";
    }
    Instant made = madeAt(failback);
    String last = made == null ? "" : "Synchronised last at %s. ".formatted(made);
    String fails =
        failed == 0
            ? ""
            : "\n\n%d in a row came to nothing: %s".formatted(failed, Details.escaped(why));
    return "\n\n%sAgain at %s.%s".formatted(last, next, fails);
  }

  private static @Nullable Instant madeAt(Failback failback) {
    Round round = failback.round();
    return round == null ? null : round.at();
  }
}
