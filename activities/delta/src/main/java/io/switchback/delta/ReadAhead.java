package io.switchback.delta;

import java.time.Duration;

/**
 * Decides how many bytes a stream asks for before they are needed, or are read of a device at once,
 * by what it sees: less is tried from time to time and kept where it is as fast with it, more where
 * it gets faster.
 *
 * <p>A long way needs much under way; a short or a slow one is as fast with little, and little
 * holds no memory at either end; there are devices that are slower with more. May be used by
 * several threads at once.
 */
public final class ReadAhead {
  /** Two reads: one that comes, and one that is asked for meanwhile. */
  public static final int LEAST_BYTES = 512 * 1024;

  /** A stream that is that much slower is slower; less is noise. */
  private static final double SLOWER = 0.93;

  private static final double FASTER = 1.07;

  /** After that its way has changed, and what was learnt of it counts no more. */
  private static final double OTHER_WAY = 0.6;

  private static final long LEAST_LOOK_NANOS = Duration.ofMillis(20).toNanos();
  private static final int ROUND_TRIPS_PER_LOOK = 4;
  private static final int ANSWERS_PER_LOOK = 8;
  private static final int LOOKS_AT_REST = 12;

  private enum Mood {
    REST,
    TRY_LESS,
    TRY_MORE
  }

  private final int mostBytes;
  private volatile int bytes;
  private Mood mood = Mood.REST;
  private boolean isMoreNext;
  private int rest = 2;
  private double usualRate;

  private long lookNanos;
  private long changedNanos = Long.MIN_VALUE;
  private boolean isLooking;
  private long fastestNanos = Long.MAX_VALUE;
  private long lookedBytes;
  private int answers;

  /**
   * @param mostBytes as the credit of a stream; it begins with all of it
   */
  public ReadAhead(int mostBytes) {
    this.mostBytes = Math.max(mostBytes, LEAST_BYTES);
    this.bytes = this.mostBytes;
  }

  /** How much may be asked for ahead now. */
  public int bytes() {
    return bytes;
  }

  /** An answer of so many bytes has come. */
  public synchronized void arrived(long askedNanos, long arrivedNanos, int length) {
    if (askedNanos < changedNanos) {
      // What comes now was still asked for as it was before.
      return;
    }
    if (!isLooking) {
      begin(arrivedNanos);
      return;
    }
    fastestNanos = Math.min(fastestNanos, arrivedNanos - askedNanos);
    lookedBytes += length;
    answers++;
    long looked = arrivedNanos - lookNanos;
    long enough = Math.max(LEAST_LOOK_NANOS, ROUND_TRIPS_PER_LOOK * fastestNanos);
    if (answers >= ANSWERS_PER_LOOK && looked >= enough) {
      int before = bytes;
      decide(lookedBytes * 1e9 / looked);
      begin(arrivedNanos);
      if (bytes != before) {
        changedNanos = arrivedNanos;
        isLooking = false;
      }
    }
  }

  private void begin(long nowNanos) {
    isLooking = true;
    lookNanos = nowNanos;
    fastestNanos = Long.MAX_VALUE;
    lookedBytes = 0;
    answers = 0;
  }

  private void decide(double rate) {
    switch (mood) {
      case REST -> rest(rate);
      case TRY_LESS -> {
        if (rate < usualRate * SLOWER) {
          become(bytes * 2L);
          isMoreNext = true;
          restFor(LOOKS_AT_REST);
        } else {
          usualRate = rate;
          restFor(1);
        }
      }
      case TRY_MORE -> {
        if (rate > usualRate * FASTER) {
          usualRate = rate;
          tryMore();
        } else {
          become(bytes / 2);
          isMoreNext = false;
          restFor(LOOKS_AT_REST);
        }
      }
    }
  }

  private void rest(double rate) {
    if (rate < usualRate * OTHER_WAY) {
      usualRate = rate;
      tryMore();
      return;
    }
    usualRate = usualRate == 0 ? rate : (3 * usualRate + rate) / 4;
    rest--;
    if (rest > 0) {
      return;
    }
    if (isMoreNext || bytes == LEAST_BYTES) {
      tryMore();
    } else {
      mood = Mood.TRY_LESS;
      become(bytes / 2);
    }
  }

  private void tryMore() {
    if (bytes == mostBytes) {
      isMoreNext = false;
      restFor(LOOKS_AT_REST);
    } else {
      mood = Mood.TRY_MORE;
      become(bytes * 2L);
    }
  }

  private void restFor(int looks) {
    mood = Mood.REST;
    rest = looks;
  }

  private void become(long next) {
    bytes = (int) Math.clamp(next, LEAST_BYTES, mostBytes);
  }
}
