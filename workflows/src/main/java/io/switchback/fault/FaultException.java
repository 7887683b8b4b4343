package io.switchback.fault;

import org.jspecify.annotations.Nullable;

/**
 * A fault with its sentence: could not do what, to which thing, because, so do this. The
 * interceptor turns it into Temporal's failures at the boundary; inside, nobody throws those.
 */
public final class FaultException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Fault fault;
  private final int attempt;

  public FaultException(Fault fault, String message) {
    this(fault, message, 0, null);
  }

  public FaultException(Fault fault, String message, @Nullable Throwable cause) {
    this(fault, message, 0, cause);
  }

  FaultException(Fault fault, String message, int attempt, @Nullable Throwable cause) {
    super(message, cause);
    this.fault = fault;
    this.attempt = attempt;
  }

  public Fault fault() {
    return fault;
  }

  /** The activity attempt that failed for good; 0 where it is not known. */
  public int attempt() {
    return attempt;
  }

  /** Never null, unlike {@link #getMessage()} by its signature. */
  public String sentence() {
    String message = getMessage();
    return message == null ? fault.name() : message;
  }
}
