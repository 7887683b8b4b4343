package io.switchback.worker.run;

import java.time.Duration;
import java.util.Locale;

/** Durations and sizes as people write them. */
public final class Words {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Words() {}

  /**
   * As in {@code 420 ms}, {@code 4.2 s}, {@code 3 min 20 s}, {@code 5 h 10 min}, {@code 2 d 3 h}.
   */
  public static String of(Duration duration) {
    if (duration.isNegative()) {
      return "0 s";
    }
    if (duration.toMillis() < 1000) {
      return duration.toMillis() + " ms";
    }
    if (duration.toSeconds() < 60) {
      return duration.toMillisPart() == 0
          ? duration.toSeconds() + " s"
          : String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    if (duration.toMinutes() < 60) {
      return pair(duration.toMinutes(), "min", duration.toSecondsPart(), "s");
    }
    return duration.toHours() < 48
        ? pair(duration.toHours(), "h", duration.toMinutesPart(), "min")
        : pair(duration.toDays(), "d", duration.toHoursPart(), "h");
  }

  private static String pair(long many, String unit, int few, String smaller) {
    return many + " " + unit + (few == 0 ? "" : " " + few + " " + smaller);
  }

  /** As in {@code 17 B}, {@code 4.2 MiB}. */
  public static String ofBytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }
}
