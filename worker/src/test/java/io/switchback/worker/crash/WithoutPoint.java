package io.switchback.worker.crash;

import java.util.Map;
import java.util.TreeMap;

/** The activity types at which no worker is killed, each with the reason. */
final class WithoutPoint {
  private static final String READS = "changes nothing: a repetition reads again";

  static final Map<String, String> REASONS = reasons();

  private WithoutPoint() {}

  private static Map<String, String> reasons() {
    Map<String, String> all = new TreeMap<>();
    because(
        READS,
        all,
        "CheckSite",
        "DescribeClaim",
        "DescribeFailback",
        "AskForOwners",
        "DescribeNetworkPair",
        "DescribePair",
        "DescribeSheet",
        "DescribeVm",
        "DescribeWindow",
        "Expect",
        "FindStandings",
        "FindVms",
        "GrantRead",
        "ListCopies",
        "LookAtEnd",
        "PreflightEnd",
        "LookAtNetworks",
        "LookAtRun",
        "MeasureRoom",
        "MeasureWrites",
        "ReadRule",
        "ReadSites");
    because(
        "of a loop that asks anew at every turn: NetworkExtensionTest loses its workers, and the port's suite repeats it",
        all,
        "CloseNetworkPair",
        "ConvergeEnd",
        "ExtendNetworks",
        "MandateStart",
        "RecordNetworkPair",
        "TearDownEnd");
    because(
        "of drills, which no operation runs yet: the ports' suites repeat it",
        all,
        "CopyVm",
        "MakeDrillNetworks",
        "RemoveCopy",
        "RemoveDrillNetworks");
    all.put(
        "Page",
        "calls again: the receiver tells a repetition by its id, as the port's suite shows");
    return Map.copyOf(all);
  }

  private static void because(String reason, Map<String, String> all, String... types) {
    for (String type : types) {
      all.put(type, reason);
    }
  }
}
