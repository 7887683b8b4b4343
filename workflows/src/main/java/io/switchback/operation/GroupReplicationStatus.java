package io.switchback.operation;

import io.switchback.port.GroupActivities.GroupPoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a group's loop does.
 *
 * @param cycle number of the last cycle begun; 0 before the first
 * @param newest restore point of the group that this run has made; null before the first
 * @param problem why the last cycle made no restore point of the group; empty when it made one
 * @param members each as its own loop would say
 */
public record GroupReplicationStatus(
    String group,
    long cycle,
    @Nullable GroupPoint newest,
    String problem,
    List<ReplicationStatus> members) {
  public GroupReplicationStatus {
    members = List.copyOf(members);
  }
}
