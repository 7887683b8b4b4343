package io.switchback.delta.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CompressionGaugeTest {
  private final CompressionGauge gauge = new CompressionGauge();

  @Test
  void whatCannotBePackedIsSoonLeftAlone() {
    assertThat(triesOf(10_000, 100)).isBetween(100, 3_000);
  }

  @Test
  void whatCanBePackedIsAlwaysTried() {
    assertThat(triesOf(10_000, 60)).isEqualTo(10_000);
  }

  @Test
  void aStreamThatBecomesPackableIsNoticed() {
    triesOf(10_000, 100);
    assertThat(triesOf(200, 50)).isGreaterThan(100);
  }

  @Test
  void aGainOfLessThanATwentiethDoesNotPay() {
    assertThat(CompressionGauge.pays(1000, 950)).isTrue();
    assertThat(CompressionGauge.pays(1000, 951)).isFalse();
  }

  /** Tries among so many leaves, of which each would shrink to so many percent. */
  private int triesOf(int leaves, int percent) {
    int tries = 0;
    for (int leaf = 0; leaf < leaves; leaf++) {
      if (gauge.shallTry()) {
        tries++;
        gauge.tried(1000, percent * 10);
      }
    }
    return tries;
  }
}
