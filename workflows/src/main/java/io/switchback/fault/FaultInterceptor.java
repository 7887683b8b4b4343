package io.switchback.fault;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;

/**
 * Translates faults at the boundaries of activities, workflows and updates. Without it an ordinary
 * exception in workflow code would not fail the run but retry its task for ever; that is kept for
 * bugs, which are not faults.
 */
public final class FaultInterceptor extends WorkerInterceptorBase {
  @Override
  public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
    return new WorkflowInboundCallsInterceptorBase(next) {
      @Override
      public WorkflowOutput execute(WorkflowInput input) {
        try {
          return super.execute(input);
        } catch (FaultException fault) {
          throw Failures.toFailure(fault, 0);
        }
      }

      @Override
      public void validateUpdate(UpdateInput input) {
        try {
          super.validateUpdate(input);
        } catch (FaultException fault) {
          throw new Refusal(fault.sentence());
        }
      }

      @Override
      public UpdateOutput executeUpdate(UpdateInput input) {
        try {
          return super.executeUpdate(input);
        } catch (FaultException fault) {
          throw Failures.toFailure(fault, 0);
        }
      }
    };
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new ActivityInboundCallsInterceptorBase(next) {
      private int attempt;

      @Override
      public void init(ActivityExecutionContext context) {
        attempt = context.getInfo().getAttempt();
        super.init(context);
      }

      @Override
      public ActivityOutput execute(ActivityInput input) {
        try {
          return super.execute(input);
        } catch (FaultException fault) {
          throw Failures.toFailure(fault, attempt);
        }
      }
    };
  }

  /**
   * A validator's no. It has no stack trace, because the Temporal UI would print it after the
   * sentence.
   */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(String sentence) {
      super(sentence, null, false, false);
    }
  }
}
