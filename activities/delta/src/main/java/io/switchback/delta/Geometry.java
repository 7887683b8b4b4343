package io.switchback.delta;

import io.switchback.delta.tag.TagLevel;
import java.util.List;

/**
 * The sizes that every part of the data plane agrees on.
 *
 * <p>A <em>leaf</em> is the grain of change: hypervisors' change tracking reports about as much,
 * and smaller pieces would cost more to name than to send. A <em>super</em> is the unit of work, of
 * proof and of progress.
 */
public final class Geometry {
  public static final int LEAF_BYTES = 64 * 1024;
  public static final int SUPER_BYTES = 16 * 1024 * 1024;

  /** Memory that begins on such a place can be filled by a device itself. */
  public static final int PAGE_BYTES = 4096;

  private Geometry() {}

  /**
   * Number of leaves that {@code range}, which starts on a leaf, touches; the last one may be
   * short.
   */
  static int leaves(ByteRange range) {
    return TagLevel.LEAF.tags(range.lengthBytes());
  }

  /** Number of supers of a disk; the last one may be short. */
  static int supers(long capacityBytes) {
    return TagLevel.SUPER.tags(capacityBytes);
  }

  /** All of the {@code index}-th super of a disk. */
  static SuperRanges wholeSuper(int index, long capacityBytes) {
    long start = (long) index * SUPER_BYTES;
    return new SuperRanges(
        index, List.of(ByteRange.between(start, Math.min(start + SUPER_BYTES, capacityBytes))));
  }
}
