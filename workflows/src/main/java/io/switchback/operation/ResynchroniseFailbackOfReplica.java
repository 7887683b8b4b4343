package io.switchback.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * One more round of a failback that waits for its switch. Its workflow id, {@code replica/<replica
 * id>}, is a mutex among operations: neither a switch nor a cancel runs beside it.
 */
@WorkflowInterface
public interface ResynchroniseFailbackOfReplica extends ReplicaSteering, HearsProgress {
  /** Name of the workflow type. */
  String TYPE = "ResynchroniseFailbackOfReplica";

  /**
   * Synchronises once; the replica is READY_TO_SWITCH before and after. With nobody who waits for
   * it, it gives up where others park.
   */
  @WorkflowMethod(name = TYPE)
  MemberResult resynchronise(ResynchroniseRequest request);
}
