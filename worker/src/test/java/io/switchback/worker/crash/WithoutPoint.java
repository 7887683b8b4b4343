package io.switchback.worker.crash;

import java.util.Map;
import java.util.TreeMap;

/** The activity types at which no worker is killed, each with the reason. */
final class WithoutPoint {
  private static final String READS = "changes nothing: a repetition reads again";
  private static final String NOT_YET =
      "has no point yet: its suite shows that a repeated attempt changes nothing further";

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
    because(
        NOT_YET,
        all,
        "AbandonCycle",
        "BeginGroupCycle",
        "CompleteGroupCycle",
        "CreateGroupSnapshot",
        "DefineGroup",
        "EndProtection",
        "EndReservation",
        "EraseReplica",
        "ExcludeProduction",
        "Expect",
        "ForgetLetGoPoints",
        "ForgetRestorePoint",
        "IsolateVm",
        "LeaveVm",
        "LetGoRestorePoints",
        "PlaceVm",
        "ReconfigureReplica",
        "ReconnectVm",
        "RecordJoined",
        "RecordRoom",
        "RecordSighting",
        "RemoveRule",
        "RemoveSheet",
        "RemoveVm",
        "ReserveReplica",
        "ReshapeVm",
        "TakeOverReplica",
        "WakeGroup",
        "WatchRule",
        "WriteReplica",
        "WriteRule",
        "WriteSheet");
    return Map.copyOf(all);
  }

  private static void because(String reason, Map<String, String> all, String... types) {
    for (String type : types) {
      all.put(type, reason);
    }
  }
}
