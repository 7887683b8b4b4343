package io.switchback.delta.trust;

/** Something about keys and certificates that a person can put right; the message says how. */
public final class TrustException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public TrustException(String sentence) {
    super(sentence);
  }

  public TrustException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
