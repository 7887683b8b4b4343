package io.switchback.worker.local;

/** Failures of the platform in words. */
final class Failures {
  private Failures() {}

  /** The innermost message that says anything, else the name of the failure. */
  static String sentence(Throwable failure) {
    String sentence = failure.getClass().getSimpleName();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && !message.isBlank()) {
        sentence = message.lines().findFirst().orElse(sentence);
      } else {
        sentence = describe(cause);
      }
    }
    return sentence;
  }

  private static String describe(Throwable failure) {
    return switch (failure) {
      case java.nio.channels.UnresolvedAddressException _ -> "the name is not known";
      case java.net.http.HttpTimeoutException _ -> "no answer in time";
      case java.net.ConnectException _ -> "connection refused or no network";
      default -> failure.getClass().getSimpleName();
    };
  }
}
