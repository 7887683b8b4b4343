package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Moves the time of one VM's scheduled switch. Its workflow id, {@code replica/<replica id>}, is a
 * mutex among operations: once the switch has begun, its time cannot be moved any more.
 */
@WorkflowInterface
public interface MoveSwitchOfReplica extends ReplicaSteering {
  /** Name of the workflow type. */
  String TYPE = "MoveSwitchOfReplica";

  /** Moves the time; the replica is READY_TO_SWITCH before and after. */
  @WorkflowMethod(name = TYPE)
  MemberResult move(MoveSwitchRequest request);
}
