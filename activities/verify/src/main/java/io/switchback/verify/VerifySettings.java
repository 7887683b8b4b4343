package io.switchback.verify;

import java.time.Duration;

/**
 * How a check is tried.
 *
 * @param pause between the first tries of a check; doubles up to {@code longestPause}
 * @param longestPause between later tries
 * @param tryLimit how long one try may wait for its answer
 */
public record VerifySettings(Duration pause, Duration longestPause, Duration tryLimit) {
  public VerifySettings {
    if (!pause.isPositive() || pause.compareTo(longestPause) > 0 || !tryLimit.isPositive()) {
      throw new IllegalArgumentException(
          "Verify settings need a pause above zero, a longest pause no shorter than it, and a try limit above zero,"
              + " but got "
              + pause
              + ", "
              + longestPause
              + " and "
              + tryLimit
              + ".");
    }
  }

  /**
   * Short pauses first, because the time until a check passes is the recovery time that is
   * reported.
   */
  public static VerifySettings standard() {
    return new VerifySettings(Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofSeconds(5));
  }
}
