package io.switchback.lab;

import java.util.Comparator;

/**
 * The right to mutate, as a number that only grows: compared by generation, epoch, step and
 * attempt, in that order.
 *
 * @param generation of the controller that issued it
 * @param epoch of the claim
 * @param step of the operation, or the cycle's number when replication writes
 * @param attempt of the step
 */
public record LabFence(long generation, long epoch, long step, long attempt)
    implements Comparable<LabFence> {

  private static final Comparator<LabFence> ORDER =
      Comparator.comparingLong(LabFence::generation)
          .thenComparingLong(LabFence::epoch)
          .thenComparingLong(LabFence::step)
          .thenComparingLong(LabFence::attempt);

  public LabFence {
    if (generation < 0 || epoch < 0 || step < 0 || attempt < 0) {
      throw new IllegalArgumentException(
          "A fence counts from 0, got %d/%d/%d/%d.".formatted(generation, epoch, step, attempt));
    }
  }

  @Override
  public int compareTo(LabFence other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return generation + "/" + epoch + "/" + step + "/" + attempt;
  }
}
