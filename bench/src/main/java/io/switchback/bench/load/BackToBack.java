package io.switchback.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Asks loops for cycles, each again as soon as it is its turn, so many at once. */
final class BackToBack {
  /** Until workers are warm and the first answers no longer come all together. */
  private static final Duration WARM_UP = Duration.ofSeconds(20);

  private BackToBack() {}

  /**
   * What came of it.
   *
   * @param done cycles that ended well while it was measured
   * @param failed that did not
   */
  record Rate(int done, int failed, Duration lasting) {
    static final Rate NONE = new Rate(0, 0, Duration.ZERO);

    Rate and(Rate other) {
      return new Rate(done + other.done, failed + other.failed, lasting.plus(other.lasting));
    }

    double perSecond() {
      return done * 1000.0 / lasting.toMillis();
    }
  }

  /**
   * Measures after a warm-up; what is in flight at the end is left alone.
   *
   * @param loops each runs one cycle of one loop and answers whether it ended well
   * @param cycles how many have ended well so far, by whoever counts them; null to count here
   */
  static Rate measure(
      List<? extends BooleanSupplier> loops,
      int atOnce,
      Duration lasting,
      @Nullable IntSupplier cycles) {
    BlockingQueue<BooleanSupplier> waiting = new ArrayBlockingQueue<>(loops.size(), true, loops);
    AtomicInteger done = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();
    try {
      for (int i = 0; i < Math.min(atOnce, loops.size()); i++) {
        askers.execute(() -> ask(waiting, done, failed));
      }
      pause(WARM_UP);
      IntSupplier counted = cycles == null ? done::get : cycles;
      int doneBefore = counted.getAsInt();
      int failedBefore = failed.get();
      long begun = System.nanoTime();
      pause(lasting);
      return new Rate(
          counted.getAsInt() - doneBefore,
          failed.get() - failedBefore,
          Duration.ofNanos(System.nanoTime() - begun));
    } finally {
      askers.shutdownNow();
    }
  }

  private static void ask(
      BlockingQueue<BooleanSupplier> waiting, AtomicInteger done, AtomicInteger failed) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        BooleanSupplier loop = waiting.take();
        var _ = (well(loop) ? done : failed).incrementAndGet();
        waiting.add(loop);
      } catch (InterruptedException over) {
        return;
      }
    }
  }

  private static boolean well(BooleanSupplier loop) {
    try {
      return loop.getAsBoolean();
    } catch (RuntimeException notAnswered) {
      return false;
    }
  }

  private static void pause(Duration length) {
    try {
      TimeUnit.NANOSECONDS.sleep(length.toNanos());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while measuring.", interrupted);
    }
  }

  /** The middle one of some durations; zero of none. */
  static Duration median(List<Duration> durations) {
    List<Duration> sorted = new ArrayList<>(durations.stream().sorted().toList());
    return sorted.isEmpty() ? Duration.ZERO : sorted.get(sorted.size() / 2);
  }
}
