package io.switchback.transfer;

import java.time.Duration;

/**
 * Decides when the loop that waits for a transfer hears how far it is: each time costs an event in
 * its history, so it is at most forty times per transfer, and never twice within ten seconds.
 */
final class ProgressNews {
  private static final double STEP_PERCENT = 2.5;
  private static final long STEP_NANOS = Duration.ofSeconds(10).toNanos();

  private final long begunNanos;
  private boolean isTold;
  private double toldPercent;
  private long toldNanos;

  ProgressNews(long nowNanos) {
    begunNanos = nowNanos;
  }

  /** Whether it shall be told now; then it counts as told. */
  boolean isDue(long nowNanos, double percent) {
    long since = nowNanos - (isTold ? toldNanos : begunNanos);
    if (since < STEP_NANOS || percent - toldPercent < STEP_PERCENT) {
      return false;
    }
    isTold = true;
    toldPercent = percent;
    toldNanos = nowNanos;
    return true;
  }
}
