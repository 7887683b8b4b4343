package io.switchback.vsphere;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The activity that the calling thread runs. A thread that runs none, as one that serves a disk to
 * another site, makes a first attempt of which nobody wants to hear.
 */
final class RunningActivity {
  private static final Duration BEAT = Duration.ofSeconds(2);

  private RunningActivity() {}

  /** A call that may take its time. */
  interface Act<T> {
    T run() throws RemoteException;
  }

  /** Counts from 1. */
  static int attempt() {
    return context().map(context -> Math.max(1, context.getInfo().getAttempt())).orElse(1);
  }

  /** Tells Temporal that the activity lives; the next attempt is told {@code detail}. */
  static void heartbeat(Object detail) {
    context().ifPresent(context -> context.heartbeat(detail));
  }

  private static Optional<ActivityExecutionContext> context() {
    try {
      return Optional.of(Activity.getExecutionContext());
    } catch (IllegalStateException none) {
      return Optional.empty();
    }
  }

  /** What the attempt before this one told with its last heartbeat, if it is of that kind. */
  static <T> Optional<T> told(Class<T> kind) {
    try {
      return context().flatMap(context -> context.getHeartbeatDetails(kind));
    } catch (RuntimeException otherKind) {
      // A detail is a hint. One of another kind is none.
      return Optional.empty();
    }
  }

  /**
   * Makes a call of unknown length while telling Temporal that the activity lives. When Temporal
   * says that the activity is over, the call is interrupted.
   */
  static <T> T alive(String detail, Act<T> call) throws RemoteException {
    ActivityExecutionContext context = Activity.getExecutionContext();
    CountDownLatch done = new CountDownLatch(1);
    Thread caller = Thread.currentThread();
    context.heartbeat(detail);
    Thread beats = Thread.ofVirtual().start(() -> beat(context, detail, done, caller));
    try {
      return call.run();
    } finally {
      done.countDown();
      join(beats);
    }
  }

  private static void beat(
      ActivityExecutionContext context, String detail, CountDownLatch done, Thread caller) {
    try {
      while (!done.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
        context.heartbeat(detail);
      }
    } catch (ActivityCompletionException over) {
      caller.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
