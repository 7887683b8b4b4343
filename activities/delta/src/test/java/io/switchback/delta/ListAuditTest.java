package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.Geometry.SUPER_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ListAuditTest {
  private static final long TEBIBYTE = 1L << 40;

  private final ListAudit audit = new ListAudit(new Random(7));

  @Test
  void picksEachLeafOutsideTheListAtMostOnceAndInOrder() {
    List<ByteRange> listed =
        List.of(ByteRange.between(0, SUPER_BYTES), new ByteRange(TEBIBYTE / 2, SUPER_BYTES));

    List<ByteRange> sample = audit.sample(inSupers(listed), TEBIBYTE);

    assertThat(sample).hasSize(ListAudit.LEAVES).doesNotHaveDuplicates();
    assertThat(sample).extracting(ByteRange::offsetBytes).isSorted();
    assertThat(sample)
        .allMatch(leaf -> leaf.lengthBytes() == LEAF_BYTES)
        .allMatch(leaf -> leaf.offsetBytes() % LEAF_BYTES == 0)
        .noneMatch(leaf -> listed.stream().anyMatch(one -> one.intersection(leaf).isPresent()));
  }

  @Test
  void reachesEveryPartOfTheDisk() {
    List<ByteRange> sample = audit.sample(List.of(), TEBIBYTE);

    for (int part = 0; part < 64; part++) {
      ByteRange where = new ByteRange(part * TEBIBYTE / 64, TEBIBYTE / 64);
      assertThat(sample).as("part " + part).anyMatch(leaf -> leaf.intersection(where).isPresent());
    }
  }

  @Test
  void takesAllOfASmallDiskAndAShortLastLeaf() {
    long capacity = 5L * LEAF_BYTES + 512;

    assertThat(audit.sample(inSupers(List.of(new ByteRange(LEAF_BYTES, LEAF_BYTES))), capacity))
        .containsExactly(
            new ByteRange(0, LEAF_BYTES),
            new ByteRange(2L * LEAF_BYTES, LEAF_BYTES),
            new ByteRange(3L * LEAF_BYTES, LEAF_BYTES),
            new ByteRange(4L * LEAF_BYTES, LEAF_BYTES),
            new ByteRange(5L * LEAF_BYTES, 512));
  }

  @Test
  void takesNothingWhereAllIsListed() {
    assertThat(audit.sample(inSupers(List.of(new ByteRange(0, 1000))), 1000)).isEmpty();
  }

  private static List<SuperRanges> inSupers(List<ByteRange> ranges) {
    return ranges.stream()
        .map(range -> new SuperRanges(range.offsetBytes() / SUPER_BYTES, List.of(range)))
        .toList();
  }
}
