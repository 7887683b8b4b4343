package io.switchback.operation;

import io.switchback.port.TransferActivities.Progress;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * The loop that keeps one replica up to date, {@code replication/<replica id>}. It holds no claim:
 * an operation puts it on hold and fences off the cycle that runs, so that a disaster never waits
 * for a transfer.
 */
@WorkflowInterface
public interface Replication {
  /** Name of the workflow type. */
  String TYPE = "Replication";

  /** Name of the signal that wakes the loop. */
  String WAKE = "wake";

  /** Name of the signal by which a transfer tells the loop that waits for it how far it is. */
  String PROGRESSED = "progressed";

  /** Workflow id of the replica's loop. */
  static String workflowId(String replicaId) {
    return "replication/" + replicaId;
  }

  /** Runs cycles on the policy's schedule until the replica is no longer protected. */
  @WorkflowMethod(name = TYPE)
  void replicate(ReplicationRequest request);

  /** Runs a cycle now, after the one that runs; returns how it ended. */
  @UpdateMethod(name = "replicateNow", description = "Run a cycle now; answers how it ended")
  ReplicationStatus replicateNow();

  /** Looks now whether a cycle may begin. */
  @SignalMethod(name = WAKE, description = "Look now whether a cycle may begin")
  void wake();

  /** Shows how far a transfer is. Nothing depends on it. */
  @SignalMethod(name = PROGRESSED, description = "How far a transfer is; for people only")
  void progressed(Progress news);

  /** What the loop does, and how the last cycle ended. */
  @QueryMethod(name = "status", description = "What the loop does, and how the last cycle ended")
  ReplicationStatus status();
}
