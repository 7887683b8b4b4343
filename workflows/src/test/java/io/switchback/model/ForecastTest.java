package io.switchback.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.Forecast.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When something that fills will be full. */
final class ForecastTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void goesOnAsItFilledUntilNow() {
    assertThat(Forecast.fullIn(everyMinute(1000, 990, 980, 970))).contains(Duration.ofMinutes(97));
  }

  @Test
  void bearsRatesThatAreNotQuiteEven() {
    Duration fullIn = Forecast.fullIn(everyMinute(1000, 988, 982, 969, 960)).orElseThrow();

    assertThat(fullIn).isBetween(Duration.ofMinutes(86), Duration.ofMinutes(106));
  }

  @Test
  void foretellsNothingOfWhatDoesNotFill() {
    assertThat(Forecast.fullIn(everyMinute(1000, 1000, 1000, 1000))).isEmpty();
    assertThat(Forecast.fullIn(everyMinute(900, 950, 960, 970))).isEmpty();
  }

  @Test
  void foretellsNothingOfTooLittle() {
    assertThat(Forecast.fullIn(List.of())).isEmpty();
    assertThat(Forecast.fullIn(everyMinute(1000, 990))).isEmpty();
  }

  @Test
  void aFewMinutesDoNotTellOfADay() {
    assertThat(Forecast.fullIn(everyMinute(100_000, 99_990, 99_980, 99_970))).isEmpty();
  }

  @Test
  void beginsAnewWhenRoomWasMade() {
    assertThat(Forecast.fullIn(everyMinute(500, 400, 300, 900, 890, 880, 870)))
        .contains(Duration.ofMinutes(87));
  }

  @Test
  void bearsALittleRoomBeingMadeOnTheWay() {
    Duration fullIn = Forecast.fullIn(everyMinute(1000, 950, 900, 910, 860, 810)).orElseThrow();

    assertThat(fullIn).isBetween(Duration.ofMinutes(17), Duration.ofMinutes(25));
  }

  @Test
  void whatIsFullIsFullNow() {
    assertThat(Forecast.fullIn(everyMinute(20, 10, 0))).contains(Duration.ZERO);
  }

  private static List<Sample> everyMinute(long... free) {
    List<Sample> samples = new ArrayList<>();
    for (long bytes : free) {
      samples.add(new Sample(NOON.plus(Duration.ofMinutes(samples.size())), bytes));
    }
    return samples;
  }
}
