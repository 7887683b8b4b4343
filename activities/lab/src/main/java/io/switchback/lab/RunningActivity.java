package io.switchback.lab;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The activity that the calling thread runs. */
final class RunningActivity {
  private static final Duration BEAT = Duration.ofMillis(500);

  private RunningActivity() {}

  /** Counts from 1. */
  static int attempt() {
    return Math.max(1, Activity.getExecutionContext().getInfo().getAttempt());
  }

  static void heartbeat(Object detail) {
    Activity.getExecutionContext().heartbeat(detail);
  }

  /**
   * Makes a call of unknown length while telling Temporal that the activity lives. When Temporal
   * says that the activity is over, the call is interrupted.
   */
  static <T> T alive(String detail, Supplier<T> call) {
    ActivityExecutionContext context = Activity.getExecutionContext();
    context.heartbeat(detail);
    CountDownLatch done = new CountDownLatch(1);
    AtomicReference<@Nullable ActivityCompletionException> ended = new AtomicReference<>();
    Thread caller = Thread.currentThread();
    Thread beats =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (!done.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                      context.heartbeat(detail);
                    }
                  } catch (ActivityCompletionException over) {
                    ended.set(over);
                    caller.interrupt();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    try {
      return call.get();
    } finally {
      done.countDown();
      join(beats);
      ActivityCompletionException over = ended.get();
      if (over != null) {
        // The interrupt was ours, and has done its work.
        var _ = Thread.interrupted();
      }
    }
  }

  private static void join(Thread beats) {
    boolean isInterrupted = false;
    while (beats.isAlive()) {
      try {
        beats.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
