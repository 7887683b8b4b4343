package io.switchback.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressNewsTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void aTransferOfDaysTellsNoMoreThanFortyTimes() {
    ProgressNews news = new ProgressNews(0);
    int told = 0;
    for (int minute = 1; minute <= 5000; minute++) {
      told += news.isDue(minute * 60L * SECOND, minute / 50.0) ? 1 : 0;
    }
    assertThat(told).isBetween(38, 40);
  }

  @Test
  void aQuickTransferTellsNothingMoreOftenThanEveryTenSeconds() {
    ProgressNews news = new ProgressNews(5);
    assertThat(news.isDue(9 * SECOND, 90)).as("it may be over soon").isFalse();
    assertThat(news.isDue(11 * SECOND, 91)).isTrue();
    assertThat(news.isDue(20 * SECOND, 99)).isFalse();
    assertThat(news.isDue(22 * SECOND, 99)).isTrue();
  }

  @Test
  void aTransferThatStandsStillHasNothingToTell() {
    ProgressNews news = new ProgressNews(0);
    assertThat(news.isDue(11 * SECOND, 10)).isTrue();
    assertThat(news.isDue(1000 * SECOND, 12)).isFalse();
  }
}
