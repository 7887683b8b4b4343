package io.switchback.worker.crash;

import java.util.Map;
import java.util.TreeMap;

/** The activity types at which no worker is killed, each with the reason. */
final class WithoutPoint {
  private static final String READS = "changes nothing: a repetition reads again";

  private static final String WRITES_A_PAGE =
      "its effect is a file, after its last call: no answer could be kept back; its suite repeats it";

  static final Map<String, String> REASONS = reasons();

  private WithoutPoint() {}

  private static Map<String, String> reasons() {
    Map<String, String> all = new TreeMap<>();
    because(
        READS,
        all,
        "CheckSite",
        "DescribeClaim",
        "DescribePair",
        "DescribeSheet",
        "DescribeVm",
        "Expect",
        "FindStandings",
        "FindVms",
        "LookAtExtension",
        "LookAtRun",
        "MeasureRoom",
        "MeasureWrites",
        "ReadRule",
        "ReadSites");
    all.put(
        "Page",
        "calls again: the receiver tells a repetition by its id, as the port's suite shows");
    all.put(
        "EraseReplica",
        "erases only what a write has left of which every attempt lost its answer, and a person then"
            + " aborted: a trap keeps one answer back; its suite repeats it");
    because(WRITES_A_PAGE, all, "RemoveSheet", "WriteSheet");
    return Map.copyOf(all);
  }

  private static void because(String reason, Map<String, String> all, String... types) {
    for (String type : types) {
      all.put(type, reason);
    }
  }
}
