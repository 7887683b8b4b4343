package io.switchback.lab;

import java.util.Locale;

/** A call that a site refused or did not answer. */
public final class LabException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String fault;

  public LabException(LabFault fault, String message) {
    this(fault.name(), message);
  }

  /** With a fault name that a test scripted, which need not be a {@link LabFault}. */
  public LabException(String fault, String message) {
    super(message);
    this.fault = fault.toUpperCase(Locale.ROOT);
  }

  public LabException(LabFault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault.name();
  }

  public String fault() {
    return fault;
  }

  public boolean is(LabFault other) {
    return fault.equals(other.name());
  }
}
