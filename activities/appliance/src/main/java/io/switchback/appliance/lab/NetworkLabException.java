package io.switchback.appliance.lab;

/** What a command of the network lab could not do, in its own words. */
public final class NetworkLabException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NetworkLabException(String message) {
    super(message);
  }

  NetworkLabException(String message, Throwable cause) {
    super(message, cause);
  }
}
