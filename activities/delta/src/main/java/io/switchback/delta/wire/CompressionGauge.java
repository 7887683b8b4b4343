package io.switchback.delta.wire;

/**
 * Whether compressing pays on one stream. Where it has not for a while it is left off, and tried
 * again from time to time. May be used by several threads at once.
 */
final class CompressionGauge {
  /** Less is not worth the receiver's time. */
  private static final int LEAST_GAIN_PERCENT = 5;

  private static final int PATIENCE = 32;
  private static final int PAUSE = 64;

  private int inVain;
  private int pause;

  static boolean pays(int before, int after) {
    return (long) after * 100 <= (long) before * (100 - LEAST_GAIN_PERCENT);
  }

  synchronized boolean shallTry() {
    if (pause > 0) {
      pause--;
      return false;
    }
    return true;
  }

  synchronized void tried(int before, int after) {
    inVain = pays(before, after) ? 0 : inVain + 1;
    if (inVain >= PATIENCE) {
      inVain = PATIENCE / 2;
      pause = PAUSE;
    }
  }
}
