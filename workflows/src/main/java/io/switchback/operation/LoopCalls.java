package io.switchback.operation;

import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;

/** Who calls a loop of cycles out of its rest: for a cycle of their own, or only to look again. */
final class LoopCalls {
  private int asked;
  private int answered;
  private boolean woken;
  private boolean ended;

  /** Waits for a cycle that begins from now on, or for the end of the loop. */
  void awaitCycle() {
    int mine = ++asked;
    Workflow.await(() -> answered >= mine || ended);
  }

  void wake() {
    woken = true;
  }

  /** The loop looks now; who wakes it from here on ends its next rest. */
  void look() {
    woken = false;
  }

  boolean isCalled() {
    return woken || asked > answered;
  }

  /** How many have asked for a cycle so far. */
  int asked() {
    return asked;
  }

  /** The first {@code many} who asked have their cycle. */
  void answered(int many) {
    answered = many;
  }

  /** There is no next cycle to wait for. */
  void end() {
    ended = true;
  }

  /** Waits for that time, or until somebody calls. */
  void restUntil(Instant next) {
    Duration left = Duration.between(RunClock.now(), next);
    if (left.isPositive() && !isCalled()) {
      Nap.await(left, "until the next cycle", this::isCalled);
    }
  }
}
