package io.switchback.operation;

import java.time.Duration;
import java.time.Instant;

/**
 * When cycles begin: once in each interval, at a moment within it that the id decides. However many
 * loops share an interval, their cycles lie evenly beside each other, also after an outage that has
 * stopped them all.
 */
final class Spread {
  /** 2^64 over the golden ratio: multiples of it fill a range evenly, however many there are. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Spread() {}

  /**
   * The first moment for a cycle after {@code begun}; in the past when the cycle that began then
   * took longer than the interval, so that the next one begins at once.
   */
  static Instant next(String id, Duration interval, Instant begun) {
    long millis = interval.toMillis();
    long moment = (long) (part(id) * millis);
    long since = Math.floorMod(begun.toEpochMilli() - moment, millis);
    return begun.plusMillis(millis - since);
  }

  /** The part of an interval, from 0 up to 1, after which the cycles of {@code id} begin. */
  static double part(String id) {
    return ((number(id) * GOLDEN) >>> 11) * 0x1.0p-53;
  }

  /** Ids of replicas end with a number that counts them. */
  private static long number(String id) {
    String last = id.substring(id.lastIndexOf('.') + 1);
    boolean isNumber =
        !last.isEmpty() && last.length() < 18 && last.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Long.parseLong(last) : id.hashCode();
  }
}
