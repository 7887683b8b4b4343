package io.switchback.worker.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;
import net.jqwik.api.state.ActionChain;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random walks through the lifecycle of VMs between two lab sites, each step held against the
 * model: every operation, windows and switches whose time comes, faults, lost answers, runs that
 * die, workers that are gone with all that they know, sites that fail, and people who answer what
 * is parked.
 *
 * <p>Walks only when it is asked to: {@code -Dmodel.steps=3000} takes thousands, {@code
 * -Dmodel.seed} others, {@code -Dmodel.worlds} more at once. What a seed draws is the same each
 * time, but not which of two threads is faster.
 */
@Tag("process")
@EnabledIfSystemProperty(named = "model.steps", matches = "[0-9]+")
class LifecycleModelIT {
  private static final int STEPS = Integer.getInteger("model.steps", 36);
  private static final int WORLDS = Integer.getInteger("model.worlds", 2);
  private static final int LENGTH =
      Integer.getInteger("model.length", Math.clamp(STEPS / WORLDS, 10, 60));
  private static final long SEED = Long.getLong("model.seed", 1);

  @TempDir Path directory;

  private final AtomicInteger steps = new AtomicInteger();

  @Test
  void everyWalkThroughTheLifecycleKeepsTheLaw() throws Exception {
    long begun = System.nanoTime();
    System.out.printf("model: seed %d, %d steps in %d worlds%n", SEED, STEPS, WORLDS);
    List<Future<?>> worlds = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(WORLDS)) {
      for (int world = 0; world < WORLDS; world++) {
        int number = world;
        worlds.add(threads.submit(() -> walk(number)));
      }
      for (Future<?> world : worlds) {
        world.get();
      }
    } catch (ExecutionException failed) {
      throw new AssertionError("seed " + SEED, failed.getCause());
    } finally {
      System.out.printf(
          "model: seed %d, %d steps in %s%n",
          SEED, steps.get(), Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  private Object walk(int number) throws Exception {
    long seed = SEED * WORLDS + number;
    try (World world = world(number)) {
      JqwikSession.run(
          Long.toString(seed),
          () -> {
            RandomGenerator<ActionChain<Walk>> walks = Steps.walks(world, LENGTH).generator(1000);
            Random random = new Random(seed);
            while (steps.get() < STEPS) {
              walk(walks.next(random).value());
            }
          });
      return steps;
    } catch (Throwable failed) {
      // The other worlds need not go on.
      steps.addAndGet(STEPS);
      throw failed;
    }
  }

  /** One after the other: the first that begins may have to unpack PostgreSQL. */
  private synchronized World world(int number) throws Exception {
    return new World(Files.createDirectories(directory.resolve("w" + number)));
  }

  private static void told(int step) {
    if (step % 100 == 0) {
      System.out.printf("model: %d steps%n", step);
    }
  }

  private void walk(ActionChain<Walk> chain) throws Exception {
    try {
      Walk end = chain.peek(_ -> told(steps.incrementAndGet())).run();
      end.end();
    } catch (Exception | AssertionError failed) {
      chain.transformations().forEach(one -> System.out.println("  " + one));
      throw failed;
    }
  }
}
