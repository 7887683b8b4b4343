package io.switchback.delta;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a transfer is over all of its phases.
 *
 * @param percent 0 to 100; never falls
 * @param bytesPerSecond bytes of the disk dealt with per second over the last seconds, holes
 *     included; 0 while that is not known
 * @param remaining until the end; nothing while that cannot be told
 */
public record Outlook(double percent, long bytesPerSecond, Optional<Duration> remaining) {
  public static final Outlook UNKNOWN = new Outlook(0, 0, Optional.empty());

  public Outlook {
    if (!(percent >= 0 && percent <= 100) || bytesPerSecond < 0) {
      throw new IllegalArgumentException(
          "A transfer is done by 0 to 100 percent and goes forward, not %s percent and %d bytes per second."
              .formatted(percent, bytesPerSecond));
    }
  }
}
