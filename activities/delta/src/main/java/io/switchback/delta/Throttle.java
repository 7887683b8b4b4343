package io.switchback.delta;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** Makes the threads of one transfer wait for its rate limits. */
final class Throttle {
  /** What may be under way beyond the bytes that were counted, as a part of a second. */
  private static final int AHEAD_PER_SECOND = 4;

  /** Whoever waits looks so often whether the limit is another one now. */
  private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();

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
    List<Debt> debts = limits.stream().map(limit -> new Debt(limit, limit.passed(bytes))).toList();
    for (long nanos = nanosLeft(debts); nanos > 0; nanos = nanosLeft(debts)) {
      long pause = Math.min(nanos, LOOK_NANOS);
      tally.pause(pause);
      debts.forEach(debt -> debt.waited(pause));
    }
  }

  private static long nanosLeft(List<Debt> debts) {
    return debts.stream().mapToLong(Debt::nanosLeft).max().orElse(0);
  }

  /** What one who waits still owes a limit, which may change meanwhile. */
  private static final class Debt {
    private final RateLimit limit;
    private double bytes;

    Debt(RateLimit limit, long nanos) {
      this.limit = limit;
      this.bytes = nanos / 1e9 * limit.bytesPerSecond();
    }

    void waited(long nanos) {
      bytes -= nanos / 1e9 * limit.bytesPerSecond();
    }

    long nanosLeft() {
      return (long) (bytes / limit.bytesPerSecond() * 1e9);
    }
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
