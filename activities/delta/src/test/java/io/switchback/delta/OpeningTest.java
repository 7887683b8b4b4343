package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.tag.TagLevel;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpeningTest {
  private static final int DENSE = 8;

  private final Opening opening = new Opening();

  @Test
  void beginsWithSupersAndGoesBackToThemWhenOneIsEqual() {
    assertThat(opening.level()).isEqualTo(TagLevel.SUPER);
    opening.found(1, differing(1, 1));
    assertThat(opening.level()).isEqualTo(TagLevel.SUPER);
    opening.found(1, differing(1, 1));
    assertThat(opening.level()).isEqualTo(TagLevel.SEGMENT);
    opening.found(1, List.of());
    assertThat(opening.level()).isEqualTo(TagLevel.SUPER);
  }

  @Test
  void asksForLeavesAtOnceWhereMuchDiffers() {
    opening.found(1, differing(1, DENSE));
    opening.found(1, differing(1, DENSE));
    assertThat(opening.level()).isEqualTo(TagLevel.LEAF);
    opening.found(1, differing(1, DENSE - 1));
    assertThat(opening.level()).isEqualTo(TagLevel.SEGMENT);
  }

  @Test
  void takesTheSupersOfAQuestionTogether() {
    opening.found(2, differing(2, DENSE));
    opening.found(2, differing(2, DENSE));
    assertThat(opening.level()).isEqualTo(TagLevel.LEAF);
    opening.found(4, differing(3, 2 * DENSE));
    assertThat(opening.level()).as("one of four is equal").isEqualTo(TagLevel.SUPER);
  }

  private static List<DifferingSuper> differing(int supers, int leaves) {
    return IntStream.range(0, supers)
        .mapToObj(
            at ->
                new DifferingSuper(
                    new SuperRanges(at, List.of(new ByteRange(0, (long) leaves * LEAF_BYTES))), ""))
        .toList();
  }
}
