package io.switchback.delta;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;

/**
 * How many bytes per second may travel, for everybody who holds it: one transfer, or those of a
 * site in this worker.
 *
 * <p>What is limited is what travels between the sites, tags and frames included, after
 * compression. Of a source that sends nothing because it is near, it is what is read to be copied.
 */
public final class RateLimit {
  /** Slower, a single read would take longer than a fence may be looked at. */
  public static final long LEAST_BYTES_PER_SECOND = 64 * 1024;

  public static final long MOST_BYTES_PER_SECOND = 10L * 1000 * 1000 * 1000;

  /** The buckets take no more than one token per nanosecond. */
  private static final int TOKEN_BYTES = 16;

  /** Whoever was silent for a while may catch up on so much of a second. */
  private static final int BURSTS_PER_SECOND = 10;

  private final Bucket bucket;
  private volatile long bytesPerSecond;

  public RateLimit(long bytesPerSecond) {
    this(bytesPerSecond, TimeMeter.SYSTEM_NANOTIME);
  }

  RateLimit(long bytesPerSecond, TimeMeter clock) {
    this.bytesPerSecond = bytesPerSecond;
    this.bucket =
        Bucket.builder()
            .addLimit(configuration(bytesPerSecond).getBandwidths()[0])
            .withCustomTimePrecision(clock)
            .build();
  }

  static void requireSensible(long bytesPerSecond) {
    if (bytesPerSecond < LEAST_BYTES_PER_SECOND || bytesPerSecond > MOST_BYTES_PER_SECOND) {
      throw new IllegalArgumentException(
          "A rate limit is between %d and %d bytes per second, not %d."
              .formatted(LEAST_BYTES_PER_SECOND, MOST_BYTES_PER_SECOND, bytesPerSecond));
    }
  }

  private static BucketConfiguration configuration(long bytesPerSecond) {
    requireSensible(bytesPerSecond);
    long tokens = bytesPerSecond / TOKEN_BYTES;
    return BucketConfiguration.builder()
        .addLimit(
            limit ->
                limit
                    .capacity(tokens / BURSTS_PER_SECOND)
                    .refillGreedy(tokens, Duration.ofSeconds(1)))
        .build();
  }

  public long bytesPerSecond() {
    return bytesPerSecond;
  }

  /** From now on so many, also for those who wait. What they owe stays. */
  public synchronized void changeTo(long bytesPerSecond) {
    if (bytesPerSecond != this.bytesPerSecond) {
      bucket.replaceConfiguration(configuration(bytesPerSecond), TokensInheritanceStrategy.AS_IS);
      this.bytesPerSecond = bytesPerSecond;
    }
  }

  /**
   * Counts bytes that have travelled.
   *
   * @return nanoseconds to wait before more may travel
   */
  long passed(long bytes) {
    return bucket.consumeIgnoringRateLimits((bytes + TOKEN_BYTES - 1) / TOKEN_BYTES);
  }
}
