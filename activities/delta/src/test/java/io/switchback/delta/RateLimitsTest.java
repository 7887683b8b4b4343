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
    List<RateLimit> one = limits.of("berlin");
    List<RateLimit> other = limits.of("berlin");
    assertThat(one).extracting(RateLimit::bytesPerSecond).containsExactly(MIB, 4 * MIB);
    assertThat(one.getFirst()).isNotSameAs(other.getFirst());
    assertThat(one.getLast()).isSameAs(other.getLast());
    assertThat(limits.of("munich").getLast()).isNotSameAs(one.getLast());
  }

  @Test
  void withoutLimitsThereAreNone() {
    assertThat(RateLimits.none().of("berlin")).isEmpty();
    assertThatIllegalArgumentException()
        .as("at once, not at the first transfer")
        .isThrownBy(() -> new RateLimits(OptionalLong.empty(), OptionalLong.of(1)));
  }
}
