package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.CommitWindow;
import io.switchback.model.WindowTerms;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a person wants of a window. Texts, because a record of the wrong shape would not be refused
 * but tried again for ever.
 *
 * @param extendBy how much later than now planned it ends, as in {@code PT2H}; from now on where
 *     its end has passed
 * @param until when it ends instead
 * @param by who asks
 * @param reason why, for the audit
 */
public record WindowChange(
    @Nullable String extendBy,
    @Nullable String until,
    @Nullable String by,
    @Nullable String reason) {
  private static final String EXAMPLE = "{\"extendBy\":\"PT2H\",\"by\":\"your name\"}";

  /** Refuses one that nobody can be asked about later. */
  static WindowChange named(@Nullable WindowChange change) {
    if (change == null || change.by == null || change.by.isBlank()) {
      throw refused("Say who asks, as in {\"by\":\"your name\"}.");
    }
    return change;
  }

  /** Who asks; it is known to be named. */
  String who() {
    return requireNonNull(by, "is refused without");
  }

  /** Why, for the audit; empty when nothing is said. */
  String why() {
    return reason == null || reason.isBlank() ? "" : "; why: " + reason;
  }

  /**
   * The end that the window gets.
   *
   * @throws FaultException REFUSED when it says none, or one that is not later
   */
  Instant end(CommitWindow window, Instant now) {
    Instant before = requireNonNull(window.endsAt(), "counts");
    Instant from = before.isAfter(now) ? before : now;
    // The registry keeps no finer times: it would not know the end again that it was given.
    Instant end = asked(from).truncatedTo(ChronoUnit.MILLIS);
    if (!end.isAfter(from)) {
      throw refused(
          "The window ends at %s; %s is not later. To end it sooner, commit or undo now, or cancel it."
              .formatted(before, end));
    }
    if (end.isAfter(now.plus(WindowTerms.LONGEST))) {
      throw refused(
          "A window may end at most %d days from now, not at %s."
              .formatted(WindowTerms.LONGEST.toDays(), end));
    }
    return end;
  }

  private Instant asked(Instant from) {
    if ((extendBy == null) == (until == null)) {
      throw refused("Say for how long, or until when: one of the two, as in " + EXAMPLE + ".");
    }
    try {
      return extendBy == null
          ? Instant.parse(requireNonNull(until))
          : from.plus(Duration.parse(extendBy));
    } catch (DateTimeException | ArithmeticException unreadable) {
      throw refused(
          "'%s' is %s. Write it as in %s."
              .formatted(
                  extendBy == null ? until : extendBy,
                  extendBy == null ? "no time" : "no length of time",
                  extendBy == null ? "{\"until\":\"2026-03-01T22:00:00Z\"}" : EXAMPLE));
    }
  }

  static FaultException refused(String sentence) {
    return new FaultException(Fault.REFUSED, sentence);
  }
}
