package io.switchback.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FenceTest {
  @Test
  void comparesGenerationThenEpochThenStepThenAttempt() {
    List<Fence> ascending =
        List.of(
            new Fence(1, 0, 0, 0),
            new Fence(1, 0, 0, 9),
            new Fence(1, 0, 1, 0),
            new Fence(1, 0, 1, 1),
            new Fence(1, 0, 99, 99),
            new Fence(1, 1, 0, 0),
            new Fence(1, 99, 99, 99),
            new Fence(2, 0, 0, 0));
    List<Fence> shuffled = new ArrayList<>(ascending);
    Collections.reverse(shuffled);

    Collections.sort(shuffled);

    assertThat(shuffled).isEqualTo(ascending);
  }

  @Test
  void anyStepOfALaterClaimIsAboveEveryStepOfAnEarlierOne() {
    Fence earlier = new Fence(1, 7, 0, 0).atStep(1_000_000).atAttempt(1_000);
    Fence later = new Fence(1, 8, 0, 0);

    assertThat(later).isGreaterThan(earlier);
  }

  @Test
  void aNewStepBeginsBeforeItsFirstAttempt() {
    Fence fence = new Fence(1, 7, 3, 5).atStep(4);

    assertThat(fence).isEqualTo(new Fence(1, 7, 4, 0)).isLessThan(fence.atAttempt(1));
  }

  @Test
  void isWrittenAsPeopleReadIt() {
    assertThat(new Fence(1, 7, 12, 2)).hasToString("1.7.12.2");
  }
}
