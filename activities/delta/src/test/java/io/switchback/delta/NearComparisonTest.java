package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.TestBytes.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.tag.TagAlgorithm;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  @Test
  void bothDevicesAreReadAtTheSameTime() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    List<ByteRange> differing = new ArrayList<>();
    try (NearComparison comparison =
        comparison(new Device(here, both), new Device(there, both), Optional.of(kept))) {
      var _ = comparison.of(WHOLE, differing);
      assertThat(comparison.keptTags()).isEqualTo(tags(there, kept, TagLevel.LEAF));
    }
    assertThat(differing)
        .containsExactly(leaves(3, 4), leaves(5, 7), ByteRange.between(16L * LEAF_BYTES, SIZE));
  }

  /** The first read of either of two ends only when the other's has begun as well. */
  private static final class Device extends ForwardingSource {
    private final CountDownLatch both;

    Device(byte[] content, CountDownLatch both) {
      super(new MemoryDisk.Source(content));
      this.both = both;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
      if (offsetBytes == 0) {
        both.countDown();
        try {
          if (!both.await(20, TimeUnit.SECONDS)) {
            throw new IOException("the other device waits");
          }
        } catch (InterruptedException stopped) {
          throw new IOException(stopped);
        }
      }
      super.read(offsetBytes, into);
    }

    @Override
    public long underWayBytes() {
      return 1;
    }
  }

  private NearComparison comparison(Optional<TagKey> keeping) {
    return comparison(new MemoryDisk.Source(here), new MemoryDisk.Source(there), keeping);
  }

  private NearComparison comparison(DiskSource source, DiskSource other, Optional<TagKey> keeping) {
    return new NearComparison(source, other, key, keeping, new Tally(source));
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
