package io.switchback.operation;

import io.switchback.model.RestorePoint;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replication loop does.
 *
 * @param phase in a few words
 * @param cycle number of the last cycle begun; 0 before the first
 * @param newest restore point that this run has made; null before the first
 * @param sentBytes of the last cycle that ended well
 * @param rungs by which its disks' blocks were chosen, with the reason, disk by disk
 * @param problem why the last cycle came to nothing; empty when it ended well
 */
public record ReplicationStatus(
    String vm,
    String phase,
    long cycle,
    @Nullable RestorePoint newest,
    long sentBytes,
    List<String> rungs,
    String problem,
    Instant at) {
  public ReplicationStatus {
    rungs = List.copyOf(rungs);
  }
}
