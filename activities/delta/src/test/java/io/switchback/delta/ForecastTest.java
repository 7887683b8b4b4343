package io.switchback.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.TransferProgress.Phase;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private static final long GIB = 1L << 30;
  private static final long SECOND = 1_000_000_000;

  private final Forecast forecast = new Forecast();
  private long now = 77;

  private Outlook after(long seconds, Phase phase, long doneBytes, long totalBytes) {
    now += seconds * SECOND;
    return forecast.at(now, phase, doneBytes, totalBytes);
  }

  @Test
  void nothingIsPromisedBeforeThereAreSamples() {
    assertThat(after(0, Phase.COPY, 0, GIB)).isEqualTo(Outlook.UNKNOWN);
    Outlook early = after(1, Phase.COPY, GIB / 10, GIB);
    assertThat(early.remaining()).isEmpty();
    assertThat(early.bytesPerSecond()).isZero();
    assertThat(early.percent()).isPositive();
    assertThat(after(1, Phase.COPY, GIB / 5, GIB).remaining()).isPresent();
  }

  @Test
  void aCopyTellsItsRateAndTheProofIsToCome() {
    for (int second = 0; second < 30; second++) {
      after(1, Phase.COPY, second * 10_000_000L, 1_000_000_000);
    }
    Outlook outlook = after(1, Phase.COPY, 300_000_000, 1_000_000_000);
    assertThat(outlook.bytesPerSecond()).isEqualTo(10_000_000);
    assertThat(outlook.percent()).isBetween(20.0, 30.0);
    assertThat(outlook.remaining().orElseThrow())
        .as("70 seconds of copying, and a part of the proof's share")
        .isBetween(Duration.ofSeconds(71), Duration.ofSeconds(120));
  }

  @Test
  void theProofIsForetoldByItsOwnRate() {
    after(0, Phase.COPY, 0, GIB);
    after(100, Phase.COPY, GIB, GIB);
    assertThat(after(1, Phase.PROOF, 0, GIB).remaining()).as("new to it").isEmpty();
    Outlook outlook = after(3, Phase.PROOF, GIB / 4 * 3, GIB);
    assertThat(outlook.remaining()).contains(Duration.ofSeconds(1));
    assertThat(after(1, Phase.PROOF, GIB, GIB).percent()).isEqualTo(100);
  }

  @Test
  void theRateIsThatOfTheLastSeconds() {
    after(0, Phase.COPY, 0, GIB);
    after(1000, Phase.COPY, 1000, GIB);
    for (int second = 0; second < 11; second++) {
      after(1, Phase.COPY, 1000 + second * 5_000_000L, GIB);
    }
    assertThat(after(1, Phase.COPY, 55_001_000, GIB).bytesPerSecond()).isEqualTo(5_000_000);
  }

  @Test
  void aStandstillPromisesNothing() {
    after(0, Phase.COPY, 0, GIB);
    after(5, Phase.COPY, GIB / 2, GIB);
    after(20, Phase.COPY, GIB / 2, GIB);
    Outlook outlook = after(20, Phase.COPY, GIB / 2, GIB);
    assertThat(outlook.bytesPerSecond()).isZero();
    assertThat(outlook.remaining()).isEmpty();
    assertThat(outlook.percent()).isBetween(30.0, 45.0);
  }

  @Test
  void anAuditTellsNothingOfTheTimeThatTheCopyTakes() {
    after(0, Phase.AUDIT, 0, GIB);
    assertThat(after(5, Phase.AUDIT, GIB / 2, GIB).remaining()).isEmpty();
  }

  @Test
  void whateverHappensThePercentNeverFallsAndEndsAtHundred() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      Forecast any = new Forecast();
      long nanos = random.nextLong(1L << 40);
      double last = 0;
      for (Phase phase : Phase.values()) {
        if (phase.compareTo(Phase.COPY) < 0 && random.nextBoolean()) {
          continue;
        }
        long total = random.nextInt(5) == 0 ? 0 : random.nextLong(1L << 50);
        long done = 0;
        for (int look = random.nextInt(20); look >= 0; look--) {
          nanos += random.nextLong(20 * SECOND);
          done = look == 0 ? total : done + random.nextLong(total - done + 1);
          Outlook outlook = any.at(nanos, phase, done, total);
          assertThat(outlook.percent()).as("seed %d", seed).isBetween(last, 100.0);
          outlook.remaining().ifPresent(left -> assertThat(left.isNegative()).isFalse());
          last = outlook.percent();
        }
      }
      assertThat(last).isEqualTo(100);
    }
  }
}
