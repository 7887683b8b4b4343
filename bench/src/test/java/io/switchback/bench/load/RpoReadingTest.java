package io.switchback.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RpoReadingTest {
  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

  @Test
  void aPointAgesUntilTheNextOneIsRecorded() {
    RpoReading reading =
        read(List.of(point(1, 0, 5), point(2, 60, 68), point(3, 118, 120), point(4, 180, 181)));

    assertThat(reading.worst().get("vm")).isEqualTo(Duration.ofSeconds(68));
  }

  @Test
  void theLastPointAgesUntilTheEnd() {
    RpoReading reading = read(List.of(point(1, 0, 5), point(2, 60, 62)));

    assertThat(reading.worst().get("vm")).isEqualTo(Duration.ofSeconds(140));
  }

  @Test
  void whatWasBeforeTheBeginningDoesNotCount() {
    RpoReading reading =
        read(
            List.of(point(1, -300, -290), point(2, -10, -5), point(3, 60, 61), point(4, 130, 131)));

    assertThat(reading.worst().get("vm")).isEqualTo(Duration.ofSeconds(71));
  }

  @Test
  void whatIsRecordedAfterTheEndDoesNotCount() {
    RpoReading reading = read(List.of(point(1, 150, 155), point(2, 210, 215)));

    assertThat(reading.worst().get("vm")).isEqualTo(Duration.ofSeconds(50));
  }

  @Test
  void tellsHowManyVmsHeldTheObjective() {
    RpoReading reading = read(List.of(point(1, 0, 5), point(2, 60, 62)));

    assertThat(reading.held(Duration.ofSeconds(140))).isEqualTo(1);
    assertThat(reading.held(Duration.ofSeconds(139))).isZero();
  }

  private static RpoReading read(List<PointSeen> points) {
    return RpoReading.of(points, START, START.plusSeconds(200));
  }

  private static PointSeen point(long cycle, long takenAt, long recordedAt) {
    return new PointSeen(
        "vm", cycle, START.plusSeconds(takenAt), START.plusSeconds(recordedAt), Duration.ZERO);
  }
}
