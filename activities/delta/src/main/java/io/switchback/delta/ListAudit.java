package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Picks leaves that a change list leaves out, so that a list that misses something is found out.
 */
final class ListAudit {
  /**
   * Finds a list that misses a thousandth of the disk in 99 of 100 audits; the rest is found by the
   * next ones.
   */
  static final int LEAVES = 4600;

  private final RandomGenerator random;

  ListAudit(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Random leaves outside {@code listed}, ascending, each once: all of them when they are few.
   *
   * @param listed on leaves, ascending, apart from each other
   */
  List<ByteRange> sample(List<SuperRanges> listed, long capacityBytes) {
    List<ByteRange> outside = outside(listed, capacityBytes);
    long leaves = outside.stream().mapToLong(Geometry::leaves).sum();
    long[] chosen =
        leaves <= LEAVES
            ? java.util.stream.LongStream.range(0, leaves).toArray()
            : random.longs(0, leaves).distinct().limit(LEAVES).sorted().toArray();
    List<ByteRange> sample = new ArrayList<>(chosen.length);
    long before = 0;
    int next = 0;
    for (ByteRange gap : outside) {
      long after = before + Geometry.leaves(gap);
      for (; next < chosen.length && chosen[next] < after; next++) {
        long start = gap.offsetBytes() + (chosen[next] - before) * LEAF_BYTES;
        sample.add(ByteRange.between(start, Math.min(start + LEAF_BYTES, capacityBytes)));
      }
      before = after;
    }
    return sample;
  }

  private static List<ByteRange> outside(List<SuperRanges> listed, long capacityBytes) {
    List<ByteRange> outside = new ArrayList<>();
    long at = 0;
    for (SuperRanges one : listed) {
      for (ByteRange range : one.ranges()) {
        if (range.offsetBytes() > at) {
          outside.add(ByteRange.between(at, range.offsetBytes()));
        }
        at = range.endBytes();
      }
    }
    if (at < capacityBytes) {
      outside.add(ByteRange.between(at, capacityBytes));
    }
    return outside;
  }
}
