package io.switchback.bench.delta;

import java.util.Locale;
import java.util.Optional;

/**
 * What the data plane shall reach, beside what it did.
 *
 * @param isAtLeast whether more is better; otherwise less is
 * @param reached empty when it was not measured
 * @param whyNot then
 */
record Aim(
    String words,
    double aim,
    boolean isAtLeast,
    String unit,
    Optional<Double> reached,
    String whyNot) {

  static Aim atLeast(String words, double aim, String unit, double reached) {
    return new Aim(words, aim, true, unit, Optional.of(reached), "");
  }

  static Aim atMost(String words, double aim, String unit, double reached) {
    return new Aim(words, aim, false, unit, Optional.of(reached), "");
  }

  static Aim unmeasured(String words, String why) {
    return new Aim(words, 0, true, "", Optional.empty(), why);
  }

  String markdown() {
    return "| %s | %s |".formatted(words, reached.map(this::verdict).orElse(whyNot));
  }

  private String verdict(double value) {
    boolean isReached = isAtLeast ? value >= aim : value <= aim;
    String shown = String.format(Locale.ROOT, "%.2f %s", value, unit).trim();
    return isReached
        ? "reached: " + shown
        : String.format(
            Locale.ROOT, "missed by %.0f %%: %s", 100 * Math.abs(value / aim - 1), shown);
  }
}
