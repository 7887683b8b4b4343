package io.switchback.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random schedules, failures, holds and uses: what retention must keep whatever happens. */
class RetentionTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final int SCHEDULES = 400;

  @ParameterizedTest
  @ValueSource(longs = {1, 20260301, 4711})
  void keepsANewestPointEveryUsedPointAndNothingOlderOrMoreThanAsked(long seed) {
    Random random = new Random(seed);
    for (int schedule = 0; schedule < SCHEDULES; schedule++) {
      new Schedule(random, "seed " + seed + ", schedule " + schedule).run();
    }
  }

  /** One VM's life under one policy. */
  private static final class Schedule {
    private final Random random;
    private final String what;
    private final Retention retention;
    private final Duration interval;
    private final List<Instant> kept = new ArrayList<>();
    private final Set<Instant> used = new HashSet<>();
    private Instant now = NOON;

    Schedule(Random random, String what) {
      this.random = random;
      this.what = what;
      interval = Duration.ofSeconds(1 + random.nextInt(900));
      retention =
          new Retention(
              1 + random.nextInt(20),
              random.nextBoolean() ? null : interval.multipliedBy(1 + random.nextInt(30)));
    }

    void run() {
      for (int cycle = 0; cycle < 60; cycle++) {
        now = now.plus(interval).plusMillis(random.nextInt(1000));
        if (random.nextInt(20) == 0) {
          // An outage, or a hold: no cycle for a long time.
          now = now.plus(interval.multipliedBy(random.nextInt(50)));
        }
        boolean fails = random.nextInt(5) == 0;
        if (!fails) {
          kept.addFirst(now.minusMillis(random.nextInt(500)));
          letGo();
        }
        use();
      }
    }

    private void use() {
      if (!kept.isEmpty() && random.nextInt(6) == 0) {
        used.add(kept.get(random.nextInt(kept.size())));
      }
      used.removeIf(point -> random.nextInt(10) == 0);
    }

    private void letGo() {
      Instant newest = kept.getFirst();
      List<Instant> before = List.copyOf(kept);
      List<Instant> going = retention.lettingGo(before, point -> point, used::contains, now);
      kept.removeAll(going);

      assertThat(kept).as(what).isNotEmpty().contains(newest);
      assertThat(going).as(what + ": in use").noneMatch(used::contains);
      assertThat(going).as(what + ": oldest first").isSorted();
      for (Instant point : kept) {
        boolean isNeeded = point.equals(newest) || used.contains(point);
        assertThat(isNeeded || before.indexOf(point) < retention.points())
            .as("%s: %s is surplus and kept", what, point)
            .isTrue();
        assertThat(isNeeded || !isTooOld(point)).as("%s: %s is too old", what, point).isTrue();
      }
      for (Instant point : going) {
        assertThat(before.indexOf(point) >= retention.points() || isTooOld(point))
            .as("%s: %s went without a reason", what, point)
            .isTrue();
      }
    }

    private boolean isTooOld(Instant point) {
      Duration age = retention.age();
      return age != null && point.plus(age).isBefore(now);
    }
  }
}
