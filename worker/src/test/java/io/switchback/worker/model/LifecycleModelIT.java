package io.switchback.worker.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;
import net.jqwik.api.state.ActionChain;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random walks through the lifecycle of VMs between two lab sites, each step held against the
 * model: every operation, windows and switches whose time comes, faults, lost answers, runs that
 * die, workers that are gone with all that they know, sites that fail, and people who answer what
 * is parked.
 *
 * <p>Takes a short walk unless more is asked for: {@code -Dmodel.steps=3000} takes thousands,
 * {@code -Dmodel.seed} others. What a seed draws is the same each time, but not which of two
 * threads is faster.
 */
@Tag("process")
class LifecycleModelIT {
  private static final int STEPS = Integer.getInteger("model.steps", 30);
  private static final int LENGTH = Integer.getInteger("model.length", Math.clamp(STEPS, 10, 60));
  private static final long SEED = Long.getLong("model.seed", 3);

  /** So many steps reach every operation, with any seed. */
  private static final int ALL_ARE_REACHED = 2000;

  @TempDir Path directory;

  private final Tally tally = new Tally();
  private int steps;

  @Test
  void everyWalkThroughTheLifecycleKeepsTheLaw() throws Exception {
    long begun = System.nanoTime();
    System.out.printf("model: seed %d, %d steps%n", SEED, STEPS);
    try (World world = new World(directory, tally)) {
      JqwikSession.run(
          () -> {
            RandomGenerator<ActionChain<Walk>> walks = Steps.walks(world, LENGTH).generator(1000);
            Random random = new Random(SEED);
            while (steps < STEPS) {
              walk(walks.next(random).value());
            }
          });
    } finally {
      System.out.printf(
          "model: seed %d, %d steps in %s%n%s%n",
          SEED, steps, Duration.ofNanos(System.nanoTime() - begun), tally);
    }
    if (STEPS >= ALL_ARE_REACHED) {
      assertThat(tally.done())
          .containsAll(Deeds.ALL.stream().map(Tally::words).collect(Collectors.toSet()));
    }
  }

  private static void told(int step) {
    if (step % 100 == 0) {
      System.out.printf("model: %d steps%n", step);
    }
  }

  private void walk(ActionChain<Walk> chain) throws Exception {
    try {
      Walk end = chain.peek(_ -> told(++steps)).run();
      end.end();
    } catch (Exception | AssertionError failed) {
      chain.transformations().forEach(one -> System.out.println("  " + one));
      throw failed;
    }
  }
}
