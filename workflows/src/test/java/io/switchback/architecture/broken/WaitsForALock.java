package io.switchback.architecture.broken;

/** Breaks a rule. */
final class WaitsForALock {
  private int count;

  synchronized int count() {
    return count++;
  }
}
