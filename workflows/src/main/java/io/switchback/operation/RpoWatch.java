package io.switchback.operation;

import io.switchback.port.CycleActivities.RpoTerms;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells people when a VM's newest restore point gets older than its objective, once, and when it is
 * within the objective again. Runs beside the cycles, so that one that hangs keeps nobody from
 * being told.
 */
final class RpoWatch {
  private final String vm;
  private final LoopPager pager;
  private final Supplier<String> doing;
  private @Nullable RpoTerms terms;
  private @Nullable Instant toldOf;
  private @Nullable Instant armedFor;
  private boolean isEarlier;
  private boolean stopped;

  /**
   * @param remembered by the run before this one
   * @param doing what the loop does now, for people
   */
  RpoWatch(String vm, @Nullable RpoMemory remembered, LoopPager pager, Supplier<String> doing) {
    this.vm = vm;
    this.pager = pager;
    this.doing = doing;
    if (remembered != null) {
      terms = remembered.terms();
      toldOf = remembered.toldOf();
    }
  }

  /** Watches until {@link #stop}; a coroutine of its own runs it. */
  void run() {
    while (!stopped) {
      RpoTerms now = terms;
      if (now == null) {
        Workflow.await(() -> stopped || terms != null);
        continue;
      }
      Duration left = Duration.between(RunClock.now(), due(now));
      if (left.isPositive()) {
        tellWithin(now);
        waitUntilDue(due(now), left);
      } else {
        tellOver(now);
        Workflow.await(() -> stopped || !now.equals(terms));
      }
    }
  }

  /**
   * The timer stays when a new point moves the moment further away, and looks again when it fires:
   * a timer for every cycle would fill the history.
   */
  private void waitUntilDue(Instant due, Duration left) {
    armedFor = due;
    isEarlier = false;
    Workflow.await(left, () -> stopped || isEarlier);
    armedFor = null;
  }

  /** What the RPO is measured by from now on; null while it is not. */
  void follow(@Nullable RpoTerms next) {
    terms = next;
    isEarlier |= next != null && armedFor != null && due(next).isBefore(armedFor);
    RpoTerms now = terms;
    if (now != null && due(now).isAfter(RunClock.now())) {
      tellWithin(now);
    }
  }

  /** A new restore point was taken at {@code newest}. */
  void made(Instant newest, Duration objective) {
    follow(new RpoTerms(newest, objective));
  }

  void stop() {
    stopped = true;
  }

  RpoMemory memory() {
    return new RpoMemory(terms, toldOf);
  }

  private void tellOver(RpoTerms now) {
    if (toldOf == null) {
      toldOf = now.newest();
      pager.tell(
          vm,
          "rpo",
          "rpo/" + now.newest().toEpochMilli() + "/over",
          "RPO_MISSED",
          "the newest restore point of '%s' is from %s, older than its objective of %s; replication now: %s. Look at `switchback status`."
              .formatted(vm, now.newest(), now.objective(), doing.get()));
    }
  }

  private void tellWithin(RpoTerms now) {
    Instant told = toldOf;
    if (told != null) {
      toldOf = null;
      pager.tell(
          vm,
          "rpo",
          "rpo/" + told.toEpochMilli() + "/within",
          "",
          "the newest restore point of '%s' is from %s, within its objective of %s again."
              .formatted(vm, now.newest(), now.objective()));
    }
  }

  private static Instant due(RpoTerms terms) {
    return terms.newest().plus(terms.objective());
  }
}
