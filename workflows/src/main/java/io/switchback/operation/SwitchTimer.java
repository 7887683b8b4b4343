package io.switchback.operation;

import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * The timer of a failback that waits for its switch, {@code switch/<replica id>}: starts {@link
 * ResynchroniseFailback} now and then, so that the switch has little left to send, and {@link
 * SwitchOver} when the registry says that it is time. It may wait for weeks, across builds.
 *
 * <p>A switch that is refused is tried again until it goes through, and people are told. One that a
 * person has stopped is not started again by itself.
 */
@WorkflowInterface
public interface SwitchTimer {
  /** Name of the workflow type. */
  String TYPE = "SwitchTimer";

  /** Name of the signal that lets the timer ask the registry now. */
  String WAKE = "wake";

  /** Name of the same that leaves alone what a person has stopped. */
  String LOOK = "look";

  /** Workflow id of the replica's timer. */
  static String workflowId(String replicaId) {
    return "switch/" + replicaId;
  }

  /** Waits until the switch is made, or there is none to wait for any more. */
  @WorkflowMethod(name = TYPE)
  void await(SwitchTimerRequest request);

  /** Asks the registry now when the switch is due, and tries what was stopped again. */
  @SignalMethod(name = WAKE, description = "Ask the registry now when the switch is due")
  void wake();

  /** Asks the registry now; what a person has stopped stays so. */
  @SignalMethod(name = LOOK, description = "Ask the registry now, and start nothing again")
  void look();
}
