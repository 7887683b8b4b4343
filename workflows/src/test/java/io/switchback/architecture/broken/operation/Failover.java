package io.switchback.architecture.broken.operation;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Breaks a rule. */
@WorkflowInterface
public interface Failover {
  @WorkflowMethod
  void run();
}
