package io.switchback.operation;

import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The rests of a timer between two turns, out of which it can be woken. */
final class Nap {
  /** After a question that nobody has answered. */
  static final Duration AFTER_A_PROBLEM = Duration.ofMinutes(1);

  private static final Duration NEARLY_DUE = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  private boolean woken;

  /** A turn begins; who wakes the timer from here on ends its next rest. */
  void begin() {
    woken = false;
  }

  void wake() {
    woken = true;
  }

  boolean isWoken() {
    return woken;
  }

  /** Waits for that time, or until somebody wakes the timer. */
  void rest(Duration time, String until) {
    if (woken) {
      return;
    }
    Instant due = RunClock.now().plus(time);
    List<Promise<Void>> begun = new ArrayList<>(1);
    CancellationScope scope = Workflow.newCancellationScope(() -> begun.add(timer(time, until)));
    scope.run();
    Promise<Void> timer = begun.getFirst();
    Workflow.await(() -> timer.isCompleted() || woken);
    // One that is nearly due may fire at this moment, and to take it back is one more event.
    if (!timer.isCompleted() && RunClock.now().plus(NEARLY_DUE).isBefore(due)) {
      scope.cancel();
    }
  }

  /**
   * The same for a loop: until {@code sooner} holds. Its timer is left to run out, for loops are
   * woken often and a timer taken back is one more event.
   */
  static void await(Duration time, String until, Supplier<Boolean> sooner) {
    Promise<Void> timer = timer(time, until);
    Workflow.await(() -> timer.isCompleted() || sooner.get());
  }

  private static Promise<Void> timer(Duration time, String until) {
    return Workflow.newTimer(time, TimerOptions.newBuilder().setSummary(until).build());
  }

  /** How long to wait after one that was refused, and so many before it. */
  static Duration pause(int before) {
    Duration pause = FIRST_PAUSE;
    for (int i = 0; i < before && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }
}
