package io.switchback.delta.trust;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order of everybody who may touch a disk, as the control side gives it out: generation, epoch,
 * step, attempt, compared in that order. In text as in {@code 1.17.4.2}.
 *
 * @param generation at least 1; the others are not negative
 */
public record TransferFence(long generation, long epoch, long step, int attempt)
    implements Comparable<TransferFence> {
  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,19})\\.(\\d{1,19})\\.(\\d{1,19})\\.(\\d{1,10})");
  private static final Comparator<TransferFence> ORDER =
      Comparator.comparingLong(TransferFence::generation)
          .thenComparingLong(TransferFence::epoch)
          .thenComparingLong(TransferFence::step)
          .thenComparingInt(TransferFence::attempt);

  public TransferFence {
    if (generation < 1 || epoch < 0 || step < 0 || attempt < 0) {
      throw new IllegalArgumentException(
          "A fence has a generation of at least 1 and nothing negative, but got %d.%d.%d.%d."
              .formatted(generation, epoch, step, attempt));
    }
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static TransferFence parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "A fence is four numbers as in 1.17.4.2, not '" + text + "'.");
    }
    // A number beyond a long or an int is refused by its own exception, which is of the same kind.
    return new TransferFence(
        Long.parseLong(parts.group(1)),
        Long.parseLong(parts.group(2)),
        Long.parseLong(parts.group(3)),
        Integer.parseInt(parts.group(4)));
  }

  @Override
  public int compareTo(TransferFence other) {
    return ORDER.compare(this, other);
  }

  /** The text form. */
  @Override
  public String toString() {
    return generation + "." + epoch + "." + step + "." + attempt;
  }
}
