package io.switchback.delta;

import java.io.IOException;

/** Asked before each batch whether its holder is still the newest one. */
@FunctionalInterface
public interface FenceCheck {
  /** For a disk that has only one holder ever. */
  FenceCheck UNFENCED = () -> {};

  /**
   * Returns when the batch may be written.
   *
   * @throws FencedException if a newer holder is known
   * @throws IOException when that cannot be told now
   */
  void check() throws IOException;
}
