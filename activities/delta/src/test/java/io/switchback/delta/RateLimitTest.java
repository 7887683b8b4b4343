package io.switchback.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private static final long MIB = 1024 * 1024;

  private final Clock clock = new Clock();
  private final RateLimit limit = new RateLimit(MIB, clock);

  @Test
  void whatComesSlowerThanTheLimitNeverWaits() {
    for (int second = 0; second < 100; second++) {
      assertThat(limit.passed(MIB / 20)).isZero();
      clock.nanos += Duration.ofMillis(101).toNanos();
    }
  }

  @Test
  void whoeverIsTooFastWaitsUntilTheLimitHolds() {
    long start = clock.nanos;
    for (int read = 0; read < 400; read++) {
      clock.nanos += limit.passed(256 * 1024);
    }
    assertThat(Duration.ofNanos(clock.nanos - start))
        .as("100 MiB at 1 MiB a second")
        .isBetween(Duration.ofMillis(99_800), Duration.ofMillis(100_000));
  }

  @Test
  void aLongSilenceSavesUpATenthOfASecond() {
    clock.nanos += Duration.ofDays(1).toNanos();
    assertThat(Duration.ofNanos(limit.passed(2 * MIB)).toMillis()).isBetween(1_890L, 1_910L);
  }

  @Test
  void allWhoShareALimitStayBelowItTogether() {
    long first = limit.passed(MIB);
    assertThat(limit.passed(MIB)).isGreaterThan(first + Duration.ofMillis(990).toNanos());
  }

  @Test
  void anotherLimitHoldsFromThenOn() {
    limit.passed(MIB);
    limit.changeTo(10 * MIB);
    long owed = limit.passed(1);
    assertThat(Duration.ofNanos(owed).toMillis()).as("0.9 MiB").isBetween(80L, 100L);
    assertThat(limit.bytesPerSecond()).isEqualTo(10 * MIB);
  }

  @Test
  void everyLimitThatIsAllowedWorks() {
    for (long rate :
        new long[] {RateLimit.LEAST_BYTES_PER_SECOND, RateLimit.MOST_BYTES_PER_SECOND}) {
      RateLimit edge = new RateLimit(rate, clock);
      edge.passed(rate / 10);
      assertThat(Duration.ofNanos(edge.passed(rate)).toMillis()).isBetween(990L, 1_010L);
    }
  }

  @Test
  void aLimitThatMakesNoSenseIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new RateLimit(1_000));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limit.changeTo(RateLimit.MOST_BYTES_PER_SECOND + 1));
  }

  private static final class Clock implements TimeMeter {
    private long nanos = 1;

    @Override
    public long currentTimeNanos() {
      return nanos;
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
