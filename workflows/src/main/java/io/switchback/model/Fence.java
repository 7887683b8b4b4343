package io.switchback.model;

import java.util.Comparator;

/**
 * The order of everybody who may change a replica: whoever mutates keeps the highest fence it has
 * seen per replica and per disk and refuses lower ones, so that an attempt which wakes up late
 * cannot write.
 *
 * @param generation of the controller; raised when the registry was restored from a backup
 * @param epoch of the claim; every claim raises it, so all replication cycles begun before are
 *     fenced off
 * @param step counted up by the workflow for every activity it schedules; a replication cycle's
 *     number stands in its place
 * @param attempt of the activity, from 1; 0 while the workflow has not yet handed the step to an
 *     activity
 */
public record Fence(long generation, long epoch, long step, int attempt)
    implements Comparable<Fence> {
  private static final Comparator<Fence> ORDER =
      Comparator.comparingLong(Fence::generation)
          .thenComparingLong(Fence::epoch)
          .thenComparingLong(Fence::step)
          .thenComparingInt(Fence::attempt);

  public Fence {
    new Mistakes()
        .unless(generation >= 1, "generation must be at least 1")
        .unless(epoch >= 0, "epoch must not be negative")
        .unless(step >= 0, "step must not be negative")
        .unless(attempt >= 0, "attempt must not be negative")
        .refuse("fence");
  }

  /** The fence of the given step of the same claim, not yet attempted. */
  public Fence atStep(long nextStep) {
    return new Fence(generation, epoch, nextStep, 0);
  }

  /** The same step's fence as the given attempt of it carries it. */
  public Fence atAttempt(int number) {
    return new Fence(generation, epoch, step, number);
  }

  @Override
  public int compareTo(Fence other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return generation + "." + epoch + "." + step + "." + attempt;
  }
}
