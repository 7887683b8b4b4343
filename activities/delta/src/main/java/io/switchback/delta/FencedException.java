package io.switchback.delta;

import java.io.IOException;

/**
 * FENCED: a newer holder of the disk is known, so this one must not write any more. Does not pass
 * by itself.
 */
public final class FencedException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param detail which disk refused whom, as a sentence
   */
  public FencedException(String detail) {
    super("FENCED: " + detail);
  }
}
