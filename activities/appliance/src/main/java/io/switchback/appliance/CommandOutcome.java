package io.switchback.appliance;

/**
 * How a command on an appliance ended.
 *
 * @param exitCode its own
 * @param output what it printed, as far as it was kept
 * @param errors what it printed on standard error, as far as it was kept
 * @param isCut whether it printed more than was kept
 */
public record CommandOutcome(int exitCode, String output, String errors, boolean isCut) {
  /** Its last word on standard error; empty when it said none. */
  String complaint() {
    return errors.lines().map(String::strip).filter(line -> !line.isEmpty()).toList().stream()
        .reduce("", (_, last) -> last);
  }
}
