package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.TestBytes.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.tag.TagAlgorithm;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearComparisonTest {
  private static final int SIZE = 24 * LEAF_BYTES + 512;
  private static final ByteRange WHOLE = new ByteRange(0, SIZE);

  private final TagKey key = TagKey.random(TagAlgorithm.POLY1305);
  private final TagKey kept = TagKey.random(TagAlgorithm.POLY1305);
  private final byte[] here = random(1, SIZE);
  private final byte[] there = here.clone();

  NearComparisonTest() {
    there[3 * LEAF_BYTES + 7] ^= 1;
    zero(there, 5);
    zero(here, 6);
    zero(here, 12, 13, 14, 15);
    zero(there, 12, 13, 14, 15);
    zero(here, 16, 17, 18, 19);
    zero(there, 20, 21, 22, 23);
    there[SIZE - 1] ^= 1;
  }

  @Test
  void findsTheLeavesThatDifferAndTagsTheSource() throws Exception {
    List<ByteRange> differing = new ArrayList<>();
    try (NearComparison comparison = comparison(Optional.empty())) {
      byte[] tag = comparison.of(WHOLE, differing);
      assertThat(tag).isEqualTo(tags(here, key, TagLevel.SUPER));
    }
    assertThat(differing)
        .containsExactly(leaves(3, 4), leaves(5, 7), ByteRange.between(16L * LEAF_BYTES, SIZE));
  }

  @Test
  void theTagsThatAreKeptAreOfWhatIsThere() throws Exception {
    try (NearComparison comparison = comparison(Optional.of(kept))) {
      for (int again = 0; again < 2; again++) {
        var _ = comparison.of(WHOLE, new ArrayList<>());
        assertThat(comparison.keptTags()).isEqualTo(tags(there, kept, TagLevel.LEAF));
      }
    }
  }

  private NearComparison comparison(Optional<TagKey> keeping) {
    DiskSource source = new MemoryDisk.Source(here);
    return new NearComparison(
        source, new MemoryDisk.Source(there), key, keeping, new Tally(source));
  }

  private static byte[] tags(byte[] content, TagKey with, TagLevel level) throws Exception {
    return DiskTags.of(new MemoryDisk.Source(content), with, level, List.of(WHOLE));
  }

  private static ByteRange leaves(long from, long to) {
    return ByteRange.between(from * LEAF_BYTES, to * LEAF_BYTES);
  }

  private static void zero(byte[] content, int... leaves) {
    for (int leaf : leaves) {
      Arrays.fill(content, leaf * LEAF_BYTES, (leaf + 1) * LEAF_BYTES, (byte) 0);
    }
  }
}
