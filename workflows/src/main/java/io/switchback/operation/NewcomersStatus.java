package io.switchback.operation;

import java.time.Instant;
import java.util.List;

/**
 * What a rule has brought about.
 *
 * @param joined names of VMs that this run of the loop has brought under protection
 * @param failed VMs that could not be protected, with the reason
 * @param left VMs that are protected by the rule and no longer have the tag, or are no longer there
 * @param leftOut VMs that the rule does not protect because somebody has taken them out, with the
 *     reason
 * @param problem why the last look came to nothing; empty when it did not
 */
public record NewcomersStatus(
    String rule,
    List<String> joined,
    List<String> failed,
    List<String> left,
    List<String> leftOut,
    String problem,
    Instant lookedAt) {
  public NewcomersStatus {
    joined = List.copyOf(joined);
    failed = List.copyOf(failed);
    left = List.copyOf(left);
    leftOut = leftOut == null ? List.of() : List.copyOf(leftOut);
  }
}
