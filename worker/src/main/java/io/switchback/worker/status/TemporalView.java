package io.switchback.worker.status;

import io.switchback.operation.ReplicaStatus;
import io.switchback.port.TransferActivities.Progress;
import io.switchback.worker.status.EstateStatus.BuildStatus;
import io.switchback.worker.status.EstateStatus.RunStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Temporal knows of the estate.
 *
 * @param runs operations that go on
 * @param loops workflow ids of the replication loops that run; null where this Temporal cannot list
 * @param holders what the runs that hold replicas answer, by run id
 * @param transfers that run, by replica id
 * @param notes what this Temporal cannot tell
 */
record TemporalView(
    List<RunStatus> runs,
    @Nullable Set<String> loops,
    Map<String, Holder> holders,
    List<BuildStatus> builds,
    Map<String, List<Progress>> transfers,
    List<String> notes) {
  TemporalView {
    runs = List.copyOf(runs);
    holders = Map.copyOf(holders);
    builds = List.copyOf(builds);
    transfers = Map.copyOf(transfers);
    notes = List.copyOf(notes);
  }

  /**
   * What the run that holds a replica answers.
   *
   * @param status null when it does not answer
   * @param problem why not, or that the run is gone; empty when it answers
   * @param isGone whether nobody works on the replica any more
   */
  record Holder(@Nullable ReplicaStatus status, String problem, boolean isGone) {}
}
