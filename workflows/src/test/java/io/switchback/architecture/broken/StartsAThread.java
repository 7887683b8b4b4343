package io.switchback.architecture.broken;

/** Breaks a rule. */
final class StartsAThread {
  Thread start(Runnable work) {
    return Thread.ofVirtual().start(work);
  }
}
