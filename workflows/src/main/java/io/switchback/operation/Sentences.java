package io.switchback.operation;

import io.switchback.model.DatastoreOutlook;
import java.time.Duration;

/** Sizes and times as people say them. */
final class Sentences {
  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB"};

  private Sentences() {}

  /** A datastore that fills. */
  static String of(DatastoreOutlook outlook) {
    Duration fullIn = outlook.fullIn();
    return "Datastore '%s' at site '%s' has %s of %s left%s. Make room, move a VM, or fail back."
        .formatted(
            outlook.datastore(),
            outlook.site(),
            size(outlook.freeBytes()),
            size(outlook.capacityBytes()),
            fullIn == null ? "" : ", as it fills now it is full in " + time(fullIn));
  }

  /** As in {@code 7 h}; the larger unit alone, because a forecast is not more exact. */
  static String time(Duration duration) {
    if (duration.compareTo(Duration.ofDays(2)) >= 0) {
      return duration.toDays() + " d";
    }
    if (duration.compareTo(Duration.ofHours(2)) >= 0) {
      return duration.toHours() + " h";
    }
    return duration.compareTo(Duration.ofMinutes(2)) >= 0
        ? duration.toMinutes() + " min"
        : duration.toSeconds() + " s";
  }

  /** As in {@code 12 GiB}. */
  static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " bytes";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return (value >= 10 || value == Math.rint(value)
            ? String.valueOf(Math.round(value))
            : "%.1f".formatted(value))
        + " "
        + UNITS[unit];
  }
}
