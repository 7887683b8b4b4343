package io.switchback.registry;

import io.switchback.model.RestorePoint;
import io.switchback.model.VmSelection;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code latest}, an id or a time means among a replica's restore points.
 *
 * @param point null when there is a mistake
 * @param mistake empty when there is none
 */
record RestorePointChoice(@Nullable RestorePoint point, String mistake) {
  private static final int LISTED = 5;
  private static final Pattern LIKE_A_TIME = Pattern.compile("\\d{4}-\\d{1,2}-\\d{1,2}.*|.*\\s.*|");
  private static final String FORMS =
      "give 'latest', a restore point's id, or a time like 2026-01-31T12:00:00Z (ISO 8601 with its offset)";

  /** Chooses among {@code offered}, newest first. */
  static RestorePointChoice of(VmSelection selection, List<RestorePoint> offered) {
    String asked = selection.restorePoint().strip();
    if (offered.isEmpty()) {
      return mistake(
          "'%s' has no restore point yet; replicate it first".formatted(selection.name()));
    }
    if (asked.equals(VmSelection.LATEST)) {
      return new RestorePointChoice(offered.getFirst(), "");
    }
    Optional<RestorePoint> named =
        offered.stream().filter(point -> point.id().equals(asked)).findFirst();
    if (named.isPresent()) {
      return new RestorePointChoice(named.get(), "");
    }
    Optional<Instant> time = time(asked);
    if (time.isPresent()) {
      return notLaterThan(time.get(), selection, offered);
    }
    if (LIKE_A_TIME.matcher(asked).matches()) {
      return mistake(
          "restore point '%s' of '%s' is neither an id nor a time; %s"
              .formatted(asked, selection.name(), FORMS));
    }
    return mistake(
        "'%s' has no restore point '%s'; newest: %s; %s"
            .formatted(selection.name(), asked, newest(offered), FORMS));
  }

  private static RestorePointChoice notLaterThan(
      Instant time, VmSelection selection, List<RestorePoint> offered) {
    return offered.stream()
        .filter(point -> !point.takenAt().isAfter(time))
        .max(Comparator.comparing(RestorePoint::takenAt))
        .map(point -> new RestorePointChoice(point, ""))
        .orElseGet(
            () -> {
              RestorePoint oldest =
                  offered.stream().min(Comparator.comparing(RestorePoint::takenAt)).orElseThrow();
              return mistake(
                  "'%s' has no restore point as old as %s; the oldest is %s"
                      .formatted(selection.name(), time, described(oldest)));
            });
  }

  private static Optional<Instant> time(String asked) {
    try {
      return Optional.of(OffsetDateTime.parse(asked).toInstant());
    } catch (DateTimeException notATime) {
      return Optional.empty();
    }
  }

  private static String newest(List<RestorePoint> offered) {
    return offered.stream()
        .limit(LISTED)
        .map(RestorePointChoice::described)
        .collect(Collectors.joining(", "));
  }

  private static String described(RestorePoint point) {
    return "%s (%s)".formatted(point.id(), point.takenAt());
  }

  private static RestorePointChoice mistake(String sentence) {
    return new RestorePointChoice(null, sentence);
  }
}
