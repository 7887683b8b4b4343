package io.switchback.operation;

import io.switchback.port.TransferActivities.Progress;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * The loop that keeps the replicas of a group up to date, {@code replication-group/<group>}: in
 * each cycle the snapshots of all members are taken at one moment. It holds no claim, as a {@link
 * Replication} loop does not.
 */
@WorkflowInterface
public interface GroupReplication {
  /** Name of the workflow type. */
  String TYPE = "GroupReplication";

  /** Name of the signal that wakes the loop. */
  String WAKE = "wake";

  /** Workflow id of the group's loop. */
  static String workflowId(String group) {
    return "replication-group/" + group;
  }

  /** Runs cycles on the members' schedule until there is no such group any more. */
  @WorkflowMethod(name = TYPE)
  void replicate(GroupReplicationRequest request);

  /** Runs a cycle now, after the one that runs; returns how it ended. */
  @UpdateMethod(name = "replicateNow", description = "Run a cycle now; answers how it ended")
  GroupReplicationStatus replicateNow();

  /** Begins a cycle now. */
  @SignalMethod(name = WAKE, description = "Begin a cycle now")
  void wake();

  /** Shows how far a member's transfer is. Nothing depends on it. */
  @SignalMethod(
      name = Replication.PROGRESSED,
      description = "How far a transfer is; for people only")
  void progressed(Progress news);

  /** What the loop does, and how the last cycle ended. */
  @QueryMethod(name = "status", description = "What the loop does, and how the last cycle ended")
  GroupReplicationStatus status();
}
