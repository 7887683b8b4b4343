package io.switchback.delta;

import java.util.List;
import java.util.OptionalLong;

/** Makes the threads of one transfer wait for its rate limits. */
final class Throttle {
  /** What may be under way beyond the bytes that were counted, as a part of a second. */
  private static final int AHEAD_PER_SECOND = 4;

  private final List<RateLimit> limits;
  private final DiskSource source;
  private final Tally tally;
  private long counted;

  Throttle(List<RateLimit> limits, DiskSource source, Tally tally) {
    this.limits = List.copyOf(limits);
    this.source = source;
    this.tally = tally;
    this.counted = source.travelledBytes().orElse(0);
  }

  /**
   * Waits as long as the limits demand after something was asked of the source. Ends at once when
   * the transfer is stopped.
   *
   * @param readBytes that were read to be copied, which count when the source cannot tell what
   *     travelled
   */
  void passed(long readBytes) {
    long bytes = uncounted(readBytes);
    if (bytes == 0) {
      return;
    }
    long nanos = 0;
    for (RateLimit limit : limits) {
      nanos = Math.max(nanos, limit.passed(bytes));
    }
    tally.pause(nanos);
  }

  private synchronized long uncounted(long readBytes) {
    OptionalLong travelled = source.travelledBytes();
    if (travelled.isEmpty()) {
      return readBytes;
    }
    long more = Math.max(0, travelled.getAsLong() - counted);
    counted += more;
    return more;
  }

  /** What one thread may ask for ahead without running far over a limit: compression only helps. */
  long aheadBytes() {
    return limits.stream()
        .mapToLong(limit -> limit.bytesPerSecond() / AHEAD_PER_SECOND)
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
