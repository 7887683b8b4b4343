package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.lifecycle.Operation;
import io.switchback.model.CommitWindow;
import io.switchback.model.WindowTerms;
import io.switchback.port.Payloads;
import java.time.Duration;
import java.time.Instant;

/** What the Temporal UI shows of a window: its end, and the next decision as JSON to copy. */
final class WindowDetails {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private WindowDetails() {}

  static String waiting(String vm, CommitWindow window, Instant now) {
    Instant end = requireNonNull(window.endsAt());
    String probes =
        window.terms().probes().isEmpty()
            ? ""
            : " %d probes are asked first; they have put the end off %d times."
                .formatted(window.terms().probes().size(), window.extensions());
    return of(
        vm,
        "**%s left**: at %s %s, unless somebody is faster. Asked for by %s.%s\n\n%s"
            .formatted(
                left(Duration.between(now, end)),
                end,
                WindowAct.words(window),
                Details.escaped(window.by()),
                probes,
                decisions(window)));
  }

  static String of(String vm, String words) {
    return "**window of %s**\n\n%s".formatted(Details.escaped(vm), words);
  }

  /** How it is moved or ended, by people. */
  static String decisions(CommitWindow window) {
    String length = window.terms().length().toString();
    Operation opposite = WindowAct.operation(window);
    return """
    To put the end off, send the update `extend` with
    ```
    %s
    ```
    To let nothing be done by itself, send the update `cancelWindow` with
    ```
    %s
    ```
    `%s` now, or its opposite, ends the window as well.
    """
        .formatted(
            json(new WindowChange(length, null, "your name", "why")),
            json(new WindowChange(null, null, "your name", "why")),
            Details.escaped(opposite.words()));
  }

  /** The probes were against the end for the last time. */
  static String wornOut(String vm, CommitWindow window, String because) {
    return "The window of '%s' ended at %s, and %s. Its probes have put the end off %d times, so nothing is done by itself any more: commit or undo it, or extend the window."
        .formatted(vm, window.endsAt(), because, window.extensions());
  }

  static String putOff(String vm, CommitWindow window, String because, Instant to) {
    return "The window of '%s' ended at %s, and %s: it ends at %s instead, when its probes are asked again (put off %d of %d times)."
        .formatted(
            vm,
            window.endsAt(),
            because,
            to,
            window.extensions() + 1,
            WindowTerms.EXTENSIONS_BY_PROBES);
  }

  static String refused(String vm, CommitWindow window, String why) {
    return "The window of '%s' ended at %s, and '%s' is not possible yet; it is tried again until it goes through: %s"
        .formatted(vm, window.endsAt(), WindowAct.operation(window).words(), why);
  }

  /**
   * @param why after a colon; empty where an earlier run of the timer has seen it
   */
  static String stopped(String vm, CommitWindow window, String why) {
    return "The window of '%s' ended at %s, and its '%s' was stopped%s. It is not tried again by itself: commit or undo it, or extend the window."
        .formatted(vm, window.endsAt(), WindowAct.operation(window).words(), why);
  }

  private static String json(WindowChange change) {
    return Payloads.mapper().writeValueAsString(change);
  }

  /** To the nearest minute: a timer fires a moment late. */
  static String left(Duration left) {
    Duration rounded = left.plus(MINUTE.dividedBy(2));
    return rounded.compareTo(MINUTE) < 0
        ? "less than a minute"
        : rounded.compareTo(MINUTE.multipliedBy(2)) < 0 ? "a minute" : Sentences.time(rounded);
  }

  /**
   * After which time what is shown is no longer true. A month takes about a hundred looks, so that
   * what is left is never far from what is shown, and no history fills for it.
   */
  static Duration holdsFor(Duration left) {
    Duration unit =
        left.compareTo(DAY.multipliedBy(2)) > 0
            ? DAY
            : left.compareTo(HOUR.multipliedBy(2)) > 0
                ? HOUR
                : left.compareTo(TEN_MINUTES) > 0 ? TEN_MINUTES : MINUTE;
    Duration over = Duration.ofMillis(left.toMillis() % unit.toMillis());
    return over.isZero() ? (left.compareTo(unit) < 0 ? left : unit) : over;
  }
}
