package io.switchback.lab.witness;

/** What was to be looked at is not there or cannot be read. */
final class WitnessException extends RuntimeException {
  private static final long serialVersionUID = 1;

  WitnessException(String message) {
    super(message);
  }
}
