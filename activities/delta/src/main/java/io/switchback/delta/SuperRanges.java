package io.switchback.delta;

import java.util.List;

/**
 * The parts of one super to deal with.
 *
 * @param ranges on leaves, ascending, apart from each other
 */
record SuperRanges(long superIndex, List<ByteRange> ranges) {
  SuperRanges {
    ranges = List.copyOf(ranges);
  }

  long lengthBytes() {
    return ranges.stream().mapToLong(ByteRange::lengthBytes).sum();
  }
}
