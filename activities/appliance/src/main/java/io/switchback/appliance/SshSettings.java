package io.switchback.appliance;

import java.time.Duration;

/**
 * How patient a session with an appliance is.
 *
 * @param connectLimit for reaching the appliance and logging in
 * @param commandLimit for a command to end, its input handed over
 * @param keepAlive an appliance that is silent is asked this often, and given up after three times
 * @param largestOutputBytes of a command's output, and of its errors, that are kept
 */
public record SshSettings(
    Duration connectLimit, Duration commandLimit, Duration keepAlive, int largestOutputBytes) {
  public SshSettings {
    if (!connectLimit.isPositive()
        || !commandLimit.isPositive()
        || !keepAlive.isPositive()
        || largestOutputBytes < 1) {
      throw new IllegalArgumentException(
          "SSH settings must be above zero, but are %s, %s, %s and %d."
              .formatted(connectLimit, commandLimit, keepAlive, largestOutputBytes));
    }
  }

  /** 10 s to connect, a minute for a command, asked every 5 s, 1 MiB of output. */
  public static SshSettings standard() {
    return new SshSettings(
        Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofSeconds(5), 1 << 20);
  }
}
