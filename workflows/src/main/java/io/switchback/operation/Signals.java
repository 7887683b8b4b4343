package io.switchback.operation;

import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.SignalExternalWorkflowException;
import io.temporal.workflow.Workflow;

/** Signals to other runs, any of which may have ended. */
final class Signals {
  private Signals() {}

  /** Sends a signal; false when the run has ended, or never was. */
  static boolean reaches(String workflowId, String signal, Object argument) {
    try {
      Workflow.newUntypedExternalWorkflowStub(workflowId).signal(signal, argument);
      return true;
    } catch (SignalExternalWorkflowException | ApplicationFailure runHasEnded) {
      // The server's refusal arrives as a plain failure, which uncaught would end this run as well.
      return false;
    }
  }
}
