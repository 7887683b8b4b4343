package io.switchback.port;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import org.jspecify.annotations.Nullable;

/** Which attempt of its activity a fake is called by. */
final class Attempts {
  private Attempts() {}

  /** From 1; also 1 when a test calls the fake without Temporal. */
  static int current() {
    ActivityExecutionContext context = context();
    return context == null ? 1 : Math.max(1, context.getInfo().getAttempt());
  }

  /** Tells Temporal that the activity is alive, if there is one. */
  static void heartbeat(Object detail) {
    ActivityExecutionContext context = context();
    if (context != null) {
      context.heartbeat(detail);
    }
  }

  private static @Nullable ActivityExecutionContext context() {
    try {
      return Activity.getExecutionContext();
    } catch (IllegalStateException notInAnActivity) {
      return null;
    }
  }
}
