package io.switchback.vsphere.soap;

/** The server has shown a certificate that is not believed; nothing was sent to it. */
public final class UntrustedException extends NotSentException {
  private static final long serialVersionUID = 1L;

  public UntrustedException(String message, Throwable cause) {
    super(message, cause);
  }
}
