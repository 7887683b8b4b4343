package io.switchback.appliance;

import java.time.Duration;
import java.util.List;

/**
 * How the clock of an appliance was found.
 *
 * @param ahead of the worker's clock; negative when it is behind. Within what the question took it
 *     is zero
 * @param findings what a person should know of it and of the certificates that are judged by it,
 *     with what to do; empty when all is well
 */
public record ClockReading(Duration ahead, List<String> findings) {
  public ClockReading {
    findings = List.copyOf(findings);
  }
}
