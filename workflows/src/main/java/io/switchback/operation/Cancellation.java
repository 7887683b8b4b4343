package io.switchback.operation;

import io.temporal.failure.CanceledFailure;

/** Tells a step that ended with its run, because that is cancelled, from one that failed. */
final class Cancellation {
  private Cancellation() {}

  /** If {@code failure} is no failure but the end of the run, goes on to that end. */
  static void rethrow(Exception failure) {
    if (failure.getCause() instanceof CanceledFailure cancelled) {
      throw cancelled;
    }
  }
}
