package io.switchback.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against a way of a known rate and round trip, in no time. */
class ReadAheadTest {
  private static final int READ = 256 * 1024;
  private static final int CREDIT = 16 * 1024 * 1024;
  private static final double MIB = 1024 * 1024;

  private final ReadAhead ahead = new ReadAhead(CREDIT);
  private long now = 1;

  /** What a stream reaches with so much under way. */
  private static double rate(int bytes, double linkRate, double roundTripSeconds) {
    return Math.min(linkRate, bytes / roundTripSeconds);
  }

  private void run(int answers, double linkRate, double roundTripSeconds) {
    for (int answer = 0; answer < answers; answer++) {
      int under = ahead.bytes();
      double rate = rate(under, linkRate, roundTripSeconds);
      now += (long) (READ / rate * 1e9);
      long took = (long) (Math.max(roundTripSeconds, under / rate) * 1e9);
      ahead.arrived(now - took, now, READ);
      assertThat(ahead.bytes()).isBetween(ReadAhead.LEAST_BYTES, CREDIT);
    }
  }

  @Test
  void nothingIsHeldBackBeforeAnythingIsKnown() {
    assertThat(ahead.bytes()).isEqualTo(CREDIT);
    assertThat(new ReadAhead(1).bytes()).isEqualTo(ReadAhead.LEAST_BYTES);
  }

  @Test
  void aShortWayNeedsLittle() {
    run(20_000, 1000 * MIB, 0.0002);
    assertThat(ahead.bytes()).isLessThanOrEqualTo(2 * ReadAhead.LEAST_BYTES);
  }

  @Test
  void aLongFastWayKeepsAllThatTheCreditAllows() {
    run(20_000, 1000 * MIB, 0.1);
    assertThat(ahead.bytes()).isGreaterThanOrEqualTo(CREDIT / 2);
  }

  @Test
  void aWayThatGetsLongerIsGivenMoreAgain() {
    run(20_000, 200 * MIB, 0.0005);
    assertThat(ahead.bytes()).isLessThanOrEqualTo(2 * ReadAhead.LEAST_BYTES);
    run(20_000, 200 * MIB, 0.05);
    assertThat(rate(ahead.bytes(), 200 * MIB, 0.05)).isGreaterThan(90 * MIB);
  }

  @Test
  void onAnyWayTheStreamIsNearlyAsFastAsItCouldBeAndNoMoreIsHeldThanHelps() {
    Random random = new Random(5);
    for (int way = 0; way < 300; way++) {
      ReadAheadTest one = new ReadAheadTest();
      double link = MIB * Math.pow(2, random.nextDouble() * 11);
      double roundTrip = 0.0001 * Math.pow(2, random.nextDouble() * 11);
      one.run(6_000, link, roundTrip);
      double best = rate(CREDIT, link, roundTrip);
      double reached = 0;
      long held = 0;
      for (int look = 0; look < 2_000; look++) {
        one.run(1, link, roundTrip);
        reached += rate(one.ahead.bytes(), link, roundTrip) / 2_000;
        held += one.ahead.bytes() / 2_000;
      }
      assertThat(reached).as("%.0f B/s over %.4f s", link, roundTrip).isGreaterThan(0.8 * best);
      assertThat((double) held)
          .as("%.0f B/s over %.4f s", link, roundTrip)
          .isLessThan(Math.max(4 * best * roundTrip, 3 * ReadAhead.LEAST_BYTES));
    }
  }
}
