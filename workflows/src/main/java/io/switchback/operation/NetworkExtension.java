package io.switchback.operation;

import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Keeps one pair of networks extended, {@code network-extension/<number>}, for as long as a replica
 * needs it: both ends are made as the registry says, looked at every few seconds, and mended. With
 * the last replica the ends are removed, and the loop ends when nothing is left of them.
 */
@WorkflowInterface
public interface NetworkExtension {
  /** Name of the workflow type. */
  String TYPE = "NetworkExtension";

  /** Name of the signal that lets the loop ask the registry now. */
  String WAKE = "wake";

  /** Workflow id of the pair's loop. */
  static String workflowId(int pair) {
    return "network-extension/" + pair;
  }

  /** Runs until nobody needs the pair and nothing is left of it. */
  @WorkflowMethod(name = TYPE)
  void extend(NetworkExtensionRequest request);

  /** Asks the registry now who needs the pair. */
  @SignalMethod(name = WAKE, description = "Ask the registry now who needs the pair")
  void wake();
}
