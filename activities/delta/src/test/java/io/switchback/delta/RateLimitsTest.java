package io.switchback.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
  private static final long MIB = 1024 * 1024;

  @Test
  void transfersFromOneSiteShareItsLimitAndHaveTheirOwn() {
    RateLimits limits = new RateLimits(OptionalLong.of(MIB), OptionalLong.of(4 * MIB));
    List<RateLimit> one = limits.of("berlin", "potsdam");
    List<RateLimit> other = limits.of("berlin", "potsdam");
    assertThat(one).extracting(RateLimit::bytesPerSecond).containsExactly(MIB, 4 * MIB, 4 * MIB);
    assertThat(one.getFirst()).isNotSameAs(other.getFirst());
    assertThat(one.subList(1, 3)).isEqualTo(other.subList(1, 3));
    assertThat(limits.of("munich", "potsdam")).doesNotContainAnyElementsOf(one);
  }

  @Test
  void ofTheRateTheTransfersIntoASiteTakeTheirShareAloneAlsoThoseThatRun() {
    RateLimits limits = new RateLimits(OptionalLong.empty(), OptionalLong.of(4 * MIB));
    List<RateLimit> running = limits.of("berlin", "potsdam");
    List<RateLimit> elsewhere = limits.of("berlin", "munich");
    limits.share("potsdam", MIB);
    assertThat(running).extracting(RateLimit::bytesPerSecond).containsExactly(4 * MIB, MIB);
    assertThat(limits.of("hamburg", "potsdam").getLast().bytesPerSecond()).isEqualTo(MIB);
    assertThat(elsewhere).extracting(RateLimit::bytesPerSecond).containsOnly(4 * MIB);
    assertThat(elsewhere.getFirst())
        .as("in one worker the line out of a site is one, wherever it leads")
        .isSameAs(running.getFirst());
    limits.share("potsdam", 2 * MIB);
    assertThat(running.getLast().bytesPerSecond()).isEqualTo(2 * MIB);
  }

  @Test
  void withoutLimitsThereAreNone() {
    assertThat(RateLimits.none().of("berlin", "potsdam")).isEmpty();
    assertThatIllegalArgumentException()
        .as("at once, not at the first transfer")
        .isThrownBy(() -> new RateLimits(OptionalLong.empty(), OptionalLong.of(1)));
  }
}
