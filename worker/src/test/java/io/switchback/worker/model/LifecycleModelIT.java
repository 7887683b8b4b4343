package io.switchback.worker.model;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
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
 * model.
 *
 * <p>Walks only when it is asked to: {@code -Dmodel.steps=150} takes about two minutes. The same
 * {@code -Dmodel.seed} walks the same way again.
 */
@Tag("process")
@EnabledIfSystemProperty(named = "model.steps", matches = "[0-9]+")
class LifecycleModelIT {
  private static final int STEPS = Integer.getInteger("model.steps", 150);
  private static final int LENGTH = Integer.getInteger("model.length", 60);

  @TempDir Path directory;

  @Test
  void everyWalkThroughTheLifecycleKeepsTheLaw() throws Exception {
    long seed = Long.getLong("model.seed", 1);
    long begun = System.nanoTime();
    AtomicInteger steps = new AtomicInteger();
    System.out.printf("model: seed %d, %d steps%n", seed, STEPS);
    try (World world = new World(directory)) {
      JqwikSession.run(
          Long.toString(seed),
          () -> {
            RandomGenerator<ActionChain<Walk>> walks = Steps.walks(world, LENGTH).generator(1000);
            Random random = new Random(seed);
            while (steps.get() < STEPS) {
              walk(walks.next(random).value(), steps);
            }
          });
    } finally {
      System.out.printf(
          "model: seed %d, %d steps in %s%n",
          seed, steps.get(), Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  private static void walk(ActionChain<Walk> chain, AtomicInteger steps) throws Exception {
    try {
      Walk end = chain.peek(_ -> steps.incrementAndGet()).run();
      end.end();
    } catch (Exception | AssertionError failed) {
      chain.transformations().forEach(one -> System.out.println("  " + one));
      throw failed;
    }
  }
}
