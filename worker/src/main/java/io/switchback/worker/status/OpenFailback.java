package io.switchback.worker.status;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Failback;
import io.switchback.model.Failback.Round;
import io.switchback.registry.EstateView.FailbackView;
import io.switchback.registry.EstateView.ReplicaView;
import io.switchback.worker.run.Words;
import io.switchback.worker.status.EstateStatus.FailbackStatus;
import io.switchback.worker.status.EstateStatus.RoundsStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the status says of a failback that is open. */
final class OpenFailback {
  private OpenFailback() {}

  static @Nullable FailbackStatus of(ReplicaView vm, Instant now) {
    FailbackView open = vm.failback();
    if (open == null) {
      return null;
    }
    Failback failback = open.failback();
    boolean switched = failback.protectivePoint() != null;
    boolean waits = vm.state() == ReplicaState.READY_TO_SWITCH && !switched;
    return new FailbackStatus(
        failback.to(),
        failback.target(),
        open.since(),
        failback.switchover(),
        failback.switchAt(),
        switched,
        waits ? rounds(failback, now) : null);
  }

  private static RoundsStatus rounds(Failback failback, Instant now) {
    Round round = failback.round();
    Instant last = round == null ? null : round.at();
    Duration every = failback.resynchroniseEvery();
    return new RoundsStatus(
        last, every == null ? null : every.toSeconds(), next(failback, last, every, now));
  }

  /** The switch makes one itself: none comes after it. */
  private static @Nullable Instant next(
      Failback failback, @Nullable Instant last, @Nullable Duration every, Instant now) {
    if (last == null || every == null) {
      return null;
    }
    Instant next = last.plus(every);
    Instant due = failback.switchAt();
    return due != null && due.isAfter(now) && !next.isBefore(due) ? null : next;
  }

  /**
   * The same for people; no line when there is none.
   *
   * @param vm by name
   */
  static List<String> lines(
      String vm, String replicaId, @Nullable FailbackStatus failback, Instant now) {
    if (failback == null) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "  %s: %s since %s, %s"
            .formatted(
                vm,
                (failback.switched() ? "is back on " : "fails back to ") + failback.target(),
                ago(failback.since(), now),
                switching(failback, now)));
    RoundsStatus rounds = failback.rounds();
    if (rounds != null) {
      lines.add("    " + synchronised(replicaId, rounds, now));
    }
    return lines;
  }

  /** What comes next of a failback. */
  private static String switching(FailbackStatus failback, Instant now) {
    Instant due = failback.switchAt();
    if (failback.switched()) {
      return "until it is committed or undone";
    }
    if (due == null) {
      return switch (failback.switchover()) {
        case AUTO -> "and switches over by itself";
        case MANUAL, SCHEDULED -> "until it is switched over or cancelled";
      };
    }
    return due.isAfter(now)
        ? "the switch is due at %s, in %s".formatted(due, Words.of(Duration.between(now, due)))
        : "the switch was due at %s, %s".formatted(due, ago(due, now));
  }

  private static String synchronised(String replicaId, RoundsStatus rounds, Instant now) {
    Instant last = rounds.lastAt();
    String made =
        last == null
            ? "synchronised, nobody wrote down when"
            : "synchronised last at %s, %s".formatted(last, ago(last, now));
    if (rounds.everySeconds() == null) {
      return made + "; not again by itself";
    }
    Instant next = rounds.nextAt();
    if (next == null) {
      return made + (last == null ? "; again by itself" : "; again for the switch");
    }
    return next.isAfter(now)
        ? "%s; again at %s, in %s".formatted(made, next, Words.of(Duration.between(now, next)))
        : "%s; again since %s: run switch/%s says how far that is".formatted(made, next, replicaId);
  }

  private static String ago(Instant at, Instant now) {
    return Words.of(Duration.between(at, now)) + " ago";
  }
}
