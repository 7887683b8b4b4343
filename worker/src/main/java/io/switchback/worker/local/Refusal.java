package io.switchback.worker.local;

/**
 * Something that a person can put right. The message is the whole answer: what could not be done,
 * to which thing, why, and what to do; the command line prints it without a stack trace.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  public Refusal(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public Refusal(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** Wrong usage or input. */
  public static Refusal usage(String message) {
    return new Refusal(ExitCode.USAGE, message);
  }

  /** A service does not answer or could not be started. */
  public static Refusal unreachable(String message) {
    return new Refusal(ExitCode.UNREACHABLE, message);
  }

  /** A service does not answer or could not be started, because of {@code cause}. */
  public static Refusal unreachable(String message, Throwable cause) {
    return new Refusal(ExitCode.UNREACHABLE, message, cause);
  }

  /** An operation did not end well, or a verification failed. */
  public static Refusal failed(String message) {
    return new Refusal(ExitCode.FAILED, message);
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
