package io.switchback.worker.status;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Consistency;
import io.switchback.model.DiskPair;
import io.switchback.model.Failback;
import io.switchback.model.Failback.Round;
import io.switchback.model.FailbackTo;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.Switchover;
import io.switchback.model.VmRef;
import io.switchback.registry.EstateView.FailbackView;
import io.switchback.registry.EstateView.ReplicaView;
import io.switchback.worker.status.EstateStatus.FailbackStatus;
import io.switchback.worker.status.EstateStatus.RoundsStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OpenFailbackTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Instant LAST = NOW.minusSeconds(7200);
  private static final Duration USUALLY = Duration.ofHours(6);
  private static final String MADE = "synchronised last at " + LAST + ", 2 h ago";

  @Test
  void tellsWhenItWasSynchronisedLastAndIsNext() {
    FailbackStatus waits = waiting(null, LAST, USUALLY);

    assertThat(waits.rounds()).isEqualTo(new RoundsStatus(LAST, 21600L, NOW.plusSeconds(14400)));
    assertThat(fresh(waits)).isEqualTo(MADE + "; again at " + NOW.plusSeconds(14400) + ", in 4 h");
  }

  @Test
  void namesTheRunThatKnowsWhyARoundIsLate() {
    assertThat(fresh(waiting(null, LAST, Duration.ofHours(1))))
        .isEqualTo(
            MADE
                + "; again since "
                + NOW.minusSeconds(3600)
                + ": run switch/id-web-01 says how far that is");
  }

  @Test
  void tellsThatNoneIsMadeByItself() {
    assertThat(fresh(waiting(null, LAST, null))).isEqualTo(MADE + "; not again by itself");
  }

  @Test
  void noneComesAfterTheSwitchUnlessThatIsLate() {
    assertThat(fresh(waiting(NOW.plusSeconds(60), LAST, USUALLY)))
        .isEqualTo(MADE + "; again for the switch");
    assertThat(fresh(waiting(NOW.minusSeconds(60), LAST, USUALLY)))
        .isEqualTo(MADE + "; again at " + NOW.plusSeconds(14400) + ", in 4 h");
  }

  @Test
  void aTimeThatNobodyWroteDownIsNotMadeUp() {
    FailbackStatus waits = waiting(null, null, USUALLY);

    assertThat(requireNonNull(waits.rounds()).nextAt()).isNull();
    assertThat(fresh(waits)).isEqualTo("synchronised, nobody wrote down when; again by itself");
  }

  @Test
  void oneThatDoesNotWaitHasNoRoundsToCome() {
    Failback failback = failback(null, LAST, USUALLY, null);
    RestorePoint point = new RestorePoint("web-01-failback", "s", NOW, Consistency.CRASH);

    assertThat(status(ReplicaState.FAILOVER, failback).rounds()).isNull();
    assertThat(status(ReplicaState.FAILBACK, failback(null, LAST, USUALLY, point)).rounds())
        .isNull();
    assertThat(lines(status(ReplicaState.FAILOVER, failback))).hasSize(1);
  }

  /** The line about it. */
  private static String fresh(FailbackStatus failback) {
    return lines(failback).getLast().strip();
  }

  private static List<String> lines(FailbackStatus failback) {
    return OpenFailback.lines("web-01", "id-web-01", failback, NOW);
  }

  private static FailbackStatus waiting(
      @Nullable Instant switchAt, @Nullable Instant roundAt, @Nullable Duration every) {
    return status(ReplicaState.READY_TO_SWITCH, failback(switchAt, roundAt, every, null));
  }

  private static Failback failback(
      @Nullable Instant switchAt,
      @Nullable Instant roundAt,
      @Nullable Duration every,
      @Nullable RestorePoint protectivePoint) {
    return new Failback(
        FailbackTo.PRODUCTION,
        new VmRef("berlin", "p", "web-01"),
        new VmRef("berlin", "p", "web-01"),
        List.of(new DiskPair("p", "r", 1 << 20)),
        List.of(),
        false,
        false,
        "before",
        switchAt == null ? Switchover.MANUAL : Switchover.SCHEDULED,
        switchAt,
        true,
        new Round("round", Map.of(), roundAt),
        protectivePoint,
        every);
  }

  private static FailbackStatus status(ReplicaState state, Failback failback) {
    Replica replica =
        new Replica(
            "id-web-01",
            "web-01",
            failback.before(),
            new VmRef("munich", "r", "web-01_replica"),
            failback.disks(),
            List.of());
    ReplicaView view =
        new ReplicaView(
            replica,
            state,
            2,
            null,
            "failback",
            List.of(),
            null,
            null,
            null,
            Policy.every("lab", Duration.ofHours(1)),
            null,
            "",
            null,
            null,
            new FailbackView(failback, LAST),
            null);
    return requireNonNull(OpenFailback.of(view, NOW));
  }
}
