package io.switchback.operation;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * The loop that looks for VMs which a tag or folder protects, {@code protection/<rule id>}: new
 * ones are protected, those that have left are reported, never silently unprotected.
 */
@WorkflowInterface
public interface Newcomers {
  /** Name of the workflow type. */
  String TYPE = "Newcomers";

  /** Name of the signal that lets the loop look now. */
  String LOOK = "look";

  /** Workflow id of the rule's loop. */
  static String workflowId(String ruleId) {
    return "protection/" + ruleId;
  }

  /** Looks at the rule's interval until the rule is removed. */
  @WorkflowMethod(name = TYPE)
  void watch(NewcomersRequest request);

  /** Looks now. */
  @SignalMethod(name = LOOK, description = "Look for newcomers now")
  void look();

  /** Who has joined, who could not, who has left. */
  @QueryMethod(name = "status", description = "Who has joined, who could not, who has left")
  NewcomersStatus status();
}
