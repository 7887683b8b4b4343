package io.switchback.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  @Test
  void spreadsFiveHundredLoopsEvenlyOverTheirInterval() {
    int[] perSecond = new int[600];
    for (int number = 1; number <= 500; number++) {
      Instant next = Spread.next("vm-" + number + "." + number, TEN_MINUTES, NOON);
      perSecond[(int) Duration.between(NOON, next.minusMillis(1)).toSeconds()]++;
    }

    List<Integer> perMinute =
        IntStream.range(0, 10)
            .mapToObj(m -> IntStream.range(0, 60).map(s -> perSecond[60 * m + s]).sum())
            .toList();

    assertThat(perMinute).allSatisfy(cycles -> assertThat(cycles).isBetween(48, 52));
    assertThat(perSecond).satisfies(each -> assertThat(IntStream.of(each).max()).hasValue(2));
  }

  @Test
  void givesALoopTheSameMomentOfEachInterval() {
    Instant first = Spread.next("web-01.7", TEN_MINUTES, NOON);

    Instant second = Spread.next("web-01.7", TEN_MINUTES, first);

    assertThat(first).isBetween(NOON.plusMillis(1), NOON.plus(TEN_MINUTES));
    assertThat(second).isEqualTo(first.plus(TEN_MINUTES));
    assertThat(Spread.next("web-01.7", TEN_MINUTES, first.plusSeconds(599))).isEqualTo(second);
  }

  @Test
  void isInThePastAfterACycleThatTookLongerThanItsInterval() {
    Instant begun = Spread.next("web-01.7", TEN_MINUTES, NOON);

    assertThat(Spread.next("web-01.7", TEN_MINUTES, begun)).isBefore(begun.plusSeconds(601));
  }

  @Test
  void tellsGroupsApartByTheirNames() {
    TreeSet<Double> parts = new TreeSet<>();
    List.of("erp", "crm", "mail", "web-tier").forEach(group -> parts.add(Spread.part(group)));

    assertThat(parts).hasSize(4).allSatisfy(part -> assertThat(part).isBetween(0.0, 1.0));
  }
}
