package io.switchback.bench.load;

import io.switchback.model.Mistakes;
import java.time.Duration;

/**
 * What is to be measured.
 *
 * @param every from the start of one cycle of a VM to the start of the next
 * @param lasting how long the schedule is watched, from the moment that every VM has its first
 *     restore point
 * @param objective how old a VM's newest restore point may ever become
 * @param writesPerSecond records that each guest writes and flushes
 * @param workers processes that serve all queues
 * @param fastest how long each of the two fastest rates is measured
 * @param atOnce cycles that are in flight while the fastest rates are measured
 */
record LoadPlan(
    int vms,
    Duration every,
    Duration lasting,
    Duration objective,
    double writesPerSecond,
    int workers,
    Duration fastest,
    int atOnce) {
  LoadPlan {
    new Mistakes()
        .unless(vms >= 1 && vms <= 5000, "--vms must be from 1 to 5000")
        .unless(every.toMillis() >= 1000, "--every must be at least 1s")
        .unless(lasting.compareTo(every) >= 0, "--for must not be shorter than --every")
        .unless(lasting.compareTo(Duration.ofHours(12)) <= 0, "--for must be at most 12h")
        .unless(objective.compareTo(every) >= 0, "--objective must not be shorter than --every")
        .unless(writesPerSecond >= 0, "--writes must not be negative")
        .unless(workers >= 1, "--workers must be at least 1")
        .unless(!fastest.isNegative(), "--fastest must not be negative")
        .unless(atOnce >= 1, "--at-once must be at least 1")
        .refuse("plan");
  }

  /** How long it may take to protect all VMs, and again until all have a restore point. */
  Duration setUpLimit() {
    return Duration.ofMinutes(5).plusSeconds(2L * vms);
  }

  /** How long one of several turns of a fastest rate is. */
  Duration turn(int turns) {
    return fastest.dividedBy(turns);
  }

  double cyclesAskedPerSecond() {
    return vms * 1000.0 / every.toMillis();
  }
}
