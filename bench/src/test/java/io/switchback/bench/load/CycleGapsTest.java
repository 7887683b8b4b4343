package io.switchback.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CycleGapsTest {
  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

  @Test
  void countsNumbersThatNeverBecameAPoint() {
    List<PointSeen> points =
        List.of(point("a", 3), point("a", 4), point("a", 7), point("b", 1), point("b", 2));

    assertThat(CycleGaps.count(points, START)).isEqualTo(2);
  }

  @Test
  void leavesOutWhatWasBefore() {
    assertThat(CycleGaps.count(List.of(point("a", 3), point("a", 7)), START.plusSeconds(5)))
        .isZero();
  }

  private static PointSeen point(String replica, long cycle) {
    Instant at = START.plusSeconds(cycle);
    return new PointSeen(replica, cycle, at, at, Duration.ZERO);
  }
}
