package io.switchback.architecture.broken.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Breaks a rule. */
@WorkflowInterface
interface FailoverAgain {
  @WorkflowMethod(name = "Failover")
  void run();
}
