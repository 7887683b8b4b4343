package io.switchback.operation;

import io.switchback.model.Mistakes;
import io.switchback.model.Pace;

/**
 * The input of a group's loop.
 *
 * @param pace until the registry tells that of the members' sites, as it does with each cycle
 * @param memory of the runs before
 */
public record GroupReplicationRequest(String group, Pace pace, LoopMemory memory) {
  public GroupReplicationRequest {
    pace = pace == null ? Pace.DEFAULT : pace;
    memory = memory == null ? LoopMemory.NONE : memory;
    new Mistakes().required(group, "group").refuse("replication of a group");
  }

  /** For a loop that begins. */
  public GroupReplicationRequest(String group) {
    this(group, Pace.DEFAULT, LoopMemory.NONE);
  }

  GroupReplicationRequest next(Pace told, LoopMemory remembered) {
    return new GroupReplicationRequest(group, told, remembered);
  }
}
