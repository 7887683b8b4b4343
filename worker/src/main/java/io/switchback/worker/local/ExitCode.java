package io.switchback.worker.local;

/** What the process answers to whoever started it. The texts stand in {@code switchback --help}. */
public enum ExitCode {
  OK(0, "done, and it ended well"),
  FAILED(1, "the operation did not end well, or a verification failed"),
  USAGE(2, "wrong usage or input; nothing was changed"),
  UNREACHABLE(3, "a service is not reachable or could not be started"),
  PRODUCTION_ONLY(4, "site check: production alone is in the way"),
  INTERNAL(70, "a mistake in Switchback itself; the log has the details");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  public int number() {
    return number;
  }

  public String meaning() {
    return meaning;
  }
}
