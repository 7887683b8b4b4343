package io.switchback.fault;

import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.failure.TimeoutFailure;
import org.jspecify.annotations.Nullable;

/** Translates faults to Temporal's failures and back. */
public final class Failures {
  private Failures() {}

  /**
   * The failure that carries {@code fault} across a boundary; only remedy RETRY may be tried again.
   */
  public static ApplicationFailure toFailure(FaultException fault, int attempt) {
    ApplicationFailure failure =
        ApplicationFailure.newBuilder()
            .setMessage(fault.sentence())
            .setType(fault.fault().name())
            .setDetails(attempt)
            .setNonRetryable(fault.fault().remedy() != Remedy.RETRY)
            .setCause(fault.getCause())
            .build();
    // The Temporal UI shows the stack trace of a failure above its sentence; a person needs the
    // sentence.
    failure.setStackTrace(new StackTraceElement[0]);
    return failure;
  }

  /** The fault that an activity's or child's failure carries; UNEXPECTED when it carries none. */
  public static FaultException toFault(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case FaultException fault -> {
          return fault;
        }
        case ApplicationFailure application -> {
          return toFault(application, failure);
        }
        case TimeoutFailure timeout -> {
          Fault fault =
              timeout.getTimeoutType() == TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START
                  ? Fault.NO_WORKER
                  : Fault.UNEXPECTED;
          return new FaultException(fault, timedOut(failure, timeout), failure);
        }
        default -> {}
      }
    }
    return new FaultException(Fault.UNEXPECTED, String.valueOf(failure.getMessage()), failure);
  }

  private static FaultException toFault(ApplicationFailure application, Throwable failure) {
    String sentence = String.valueOf(application.getOriginalMessage());
    Fault fault = named(application.getType());
    if (fault == null) {
      return new FaultException(Fault.UNEXPECTED, application.getType() + ": " + sentence, failure);
    }
    int attempt =
        application.getDetails().getSize() > 0 ? application.getDetails().get(Integer.class) : 0;
    return new FaultException(fault, sentence, attempt, failure);
  }

  private static @Nullable Fault named(@Nullable String type) {
    for (Fault fault : Fault.values()) {
      if (fault.name().equals(type)) {
        return fault;
      }
    }
    return null;
  }

  private static String timedOut(Throwable failure, TimeoutFailure timeout) {
    String what =
        switch (failure) {
          case ActivityFailure activity -> "step '" + activity.getActivityType() + "'";
          case ChildWorkflowFailure child -> "operation '" + child.getWorkflowType() + "'";
          default -> "a step";
        };
    return switch (timeout.getTimeoutType()) {
      case TIMEOUT_TYPE_SCHEDULE_TO_START ->
          "Could not begin "
              + what
              + ": no worker took it in time. Start a worker for its queue, then retry.";
      case TIMEOUT_TYPE_HEARTBEAT ->
          "Could not finish "
              + what
              + ": its worker fell silent, again and again. Look at the workers, then retry.";
      default -> "Could not finish " + what + " within its limit. Look at the site, then retry.";
    };
  }
}
