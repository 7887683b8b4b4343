package io.switchback.operation;

import io.switchback.model.RestorePoint;
import io.switchback.port.CycleActivities.CycleStart;
import java.time.Duration;

/** What a group's loop keeps of one member from cycle to cycle. */
final class GroupMemberLoop {
  private final ReplicationCycle cycle;
  private final RpoWatch rpo;
  private Duration objective = Duration.ZERO;

  GroupMemberLoop(ReplicationCycle cycle, RpoWatch rpo) {
    this.cycle = cycle;
    this.rpo = rpo;
  }

  ReplicationCycle cycle() {
    return cycle;
  }

  RpoWatch rpo() {
    return rpo;
  }

  void begun(CycleStart start) {
    objective = start.rpoObjective();
    rpo.follow(start.rpo());
  }

  void made(RestorePoint point) {
    rpo.made(point.takenAt(), objective);
  }
}
