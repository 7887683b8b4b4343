package io.switchback.worker.run;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.failure.ApplicationFailure;
import java.util.Optional;

/** Failures of Temporal's client in words. */
public final class TemporalFailures {
  private TemporalFailures() {}

  /** What a person should know of the failure, without its full stop. */
  public static String sentence(Throwable failure) {
    Throwable root = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ApplicationFailure application) {
        return plain(String.valueOf(application.getOriginalMessage()));
      }
      if (cause instanceof StatusRuntimeException grpc) {
        return of(grpc.getStatus());
      }
      root = cause;
    }
    String message = root.getMessage();
    return plain(message == null || message.isBlank() ? root.getClass().getSimpleName() : message);
  }

  /** The code of the gRPC failure behind {@code failure}; empty when there is none. */
  public static Optional<Status.Code> code(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StatusRuntimeException grpc) {
        return Optional.of(grpc.getStatus().getCode());
      }
    }
    return Optional.empty();
  }

  private static String of(Status status) {
    String detail = status.getDescription() == null ? "" : plain(status.getDescription());
    return switch (status.getCode()) {
      case UNAVAILABLE -> "Temporal does not answer";
      case DEADLINE_EXCEEDED -> "Temporal did not answer in time";
      case PERMISSION_DENIED, UNAUTHENTICATED -> "Temporal does not allow it: " + detail;
      default -> detail.isEmpty() ? status.getCode().name() : detail;
    };
  }

  private static String plain(String message) {
    return message.strip().replaceAll("\\.$", "");
  }
}
