package io.switchback.bench.delta;

import java.util.Locale;
import java.util.Optional;

/**
 * What the data plane shall reach, beside what it did.
 *
 * @param isAtLeast whether more is better; otherwise less is
 * @param reached empty when it was not measured
 * @param whyNot then
 * @param least what it cannot do without, if that is measured: nobody gets beyond it
 */
record Aim(
    String words,
    double aim,
    boolean isAtLeast,
    String unit,
    Optional<Double> reached,
    String whyNot,
    Optional<Least> least) {

  /**
   * Work that is part of ours, done alone.
   *
   * @param words what that is
   * @param value what would be reached if ours took no longer
   */
  record Least(String words, double value) {}

  static Aim atLeast(String words, double aim, String unit, double reached) {
    return new Aim(words, aim, true, unit, Optional.of(reached), "", Optional.empty());
  }

  static Aim atMost(String words, double aim, String unit, double reached) {
    return new Aim(words, aim, false, unit, Optional.of(reached), "", Optional.empty());
  }

  static Aim unmeasured(String words, String why) {
    return new Aim(words, 0, true, "", Optional.empty(), why, Optional.empty());
  }

  /** The same, beside work that ours cannot do without. */
  Aim beside(String what, double value) {
    return new Aim(
        words, aim, isAtLeast, unit, reached, whyNot, Optional.of(new Least(what, value)));
  }

  String markdown() {
    return "| %s | %s |".formatted(words, reached.map(this::verdict).orElse(whyNot));
  }

  private String verdict(double value) {
    return isReachedBy(value)
        ? "reached: " + shown(value)
        : String.format(
            Locale.ROOT,
            "missed by %.0f %%: %s%s",
            100 * Math.abs(value / aim - 1),
            shown(value),
            least.map(this::why).orElse(""));
  }

  private String why(Least alone) {
    return "; %s%s with nothing but %s"
        .formatted(
            isReachedBy(alone.value()) ? "" : "**out of reach**: ",
            shown(alone.value()),
            alone.words());
  }

  private boolean isReachedBy(double value) {
    return isAtLeast ? value >= aim : value <= aim;
  }

  private String shown(double value) {
    return String.format(Locale.ROOT, "%.2f %s", value, unit).trim();
  }
}
