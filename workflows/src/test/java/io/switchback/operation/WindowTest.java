package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.PERMANENT;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.lifecycle.Operation;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What happens at the end of a window, and what ends it before. */
class WindowTest extends WindowCase {
  @Test
  void aFailoverIsUndoneAtTheEndOfItsWindowAndNotBefore() {
    Instant end = failOver("PT4H", "undo", "");

    estate.environment().sleep(Duration.ofHours(4).minusMinutes(1));
    assertThat(state()).isEqualTo(FAILOVER);

    ends(READY);
    assertThat(doneAt("moveToREADY")).isBetween(end, end.plusSeconds(30));
    assertThat(claims(Operation.UNDO_FAILOVER))
        .singleElement()
        .satisfies(
            claim -> {
              assertThat(claim.by()).isEqualTo("window");
              assertThat(claim.detail()).contains("asked for by ada, ended at " + end);
            });
    assertThat(estate.people.notices()).isEmpty();
  }

  @Test
  void aFailoverIsMadePermanentAtTheEndOfItsWindow() {
    Instant end = failOver("PT4H", "commit", "");

    ends(PERMANENT);

    assertThat(doneAt("moveToPERMANENT")).isAfterOrEqualTo(end);
    assertThat(estate.registry.restorePoints(replica.id())).isEmpty();
  }

  @Test
  void aPlannedFailoverHasAWindowAsWell() {
    estate.production.serveDisks("10.1.0.5:7500");
    done("PlannedFailover", asking("PT1H", "undo", ""));

    ends(READY);
  }

  @Test
  void aFailbackIsCommittedAtTheEndOfItsWindow() {
    failedBack("Failback", "commit");

    ends(READY);

    assertThat(claims(Operation.COMMIT_FAILBACK)).hasSize(1);
    assertThat(estate.registry.failback(replica.id())).isEmpty();
  }

  @Test
  void aFailbackIsUndoneAtTheEndOfItsWindow() {
    failedBack("Failback", "undo");

    ends(FAILOVER);

    assertThat(claims(Operation.UNDO_FAILBACK)).hasSize(1);
  }

  @Test
  void aFailbackThatWaitsTakesItsWindowAlongToTheSwitch() {
    done("PartialFailover", WEB);
    done(
        "Failback",
        "{\"vms\":[\"web-01\"],\"by\":\"ada\",\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\",\"window\":{\"length\":\"PT4H\",\"atEnd\":\"commit\"}}");
    estate.environment().sleep(Duration.ofDays(3));
    assertThat(state()).isEqualTo(READY_TO_SWITCH);
    assertThat(estate.registry.window(replica.id())).isEmpty();
    Instant switched = estate.now();

    done("SwitchOver", WEB);

    assertThat(window().endsAt()).isAfterOrEqualTo(switched.plus(Duration.ofHours(4)));
    ends(READY);
  }

  @Test
  void findsAVmThatTheFailbackHasNamedAnew() {
    done("PartialFailover", WEB);
    done(
        "Failback",
        "{\"vms\":[\"web-01\"],\"location\":{\"name\":\"web-02\"},\"window\":{\"length\":\"PT4H\",\"atEnd\":\"commit\"}}");

    ends(READY);

    assertThat(claims(Operation.COMMIT_FAILBACK)).hasSize(1);
  }

  @Test
  void theSwitchMayAskForAnotherWindowThanTheFailback() {
    done("PartialFailover", WEB);
    done(
        "Failback",
        "{\"vms\":[\"web-01\"],\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\",\"window\":{\"length\":\"PT4H\",\"atEnd\":\"commit\"}}");

    done("SwitchOver", asking("PT9H", "undo", ""));

    ends(FAILOVER);
  }

  @Test
  void aPersonWhoIsFasterEndsIt() {
    Instant end = failOver("PT4H", "undo", "");

    done(
        "PermanentFailover",
        "{\"vms\":[{\"name\":\"web-01\",\"confirm\":\"remove 2 restore points of web-01\"}]}");

    estate.until("the timer ends", this::hasEnded);
    assertThat(estate.now()).isBefore(end);
    assertThat(state()).isEqualTo(PERMANENT);
  }

  @Test
  void whoFailsBackEndsTheWindowOfTheFailover() {
    failOver("PT4H", "undo", "");

    done("Failback", WEB);

    estate.until("the timer ends", this::hasEnded);
    estate.environment().sleep(Duration.ofHours(5));
    assertThat(state()).isEqualTo(FAILBACK);
  }

  @Test
  void aHistoryThatGrowsIsCutAndTheWindowStays() {
    failOver("P80D", "undo", "");
    String first = timer().describe().getExecution().getRunId();

    ends(READY);

    assertThat(timer().describe().getExecution().getRunId()).isNotEqualTo(first);
  }

  @Test
  void aWindowThatMakesNoSenseIsAMistake() {
    assertThatThrownBy(
            () ->
                estate.run(
                    "PartialFailover",
                    "{\"vms\":[\"web-01\"],\"window\":{\"length\":\"PT1S\",\"atEnd\":\"keep\",\"lenght\":\"PT4H\",\"probes\":[{\"kind\":\"TcpCheck\"}]}}"))
        .rootCause()
        .hasMessageContaining("'window.lenght' is unknown; known are atEnd, length, probes")
        .hasMessageContaining("window.atEnd must be \"commit\" or \"undo\"")
        .hasMessageContaining("window.probes[0]");
    assertThatThrownBy(() -> estate.run("PartialFailover", asking("PT1S", "undo", "")))
        .rootCause()
        .hasMessageContaining("length must be between PT1M and PT2160H");
    assertThatThrownBy(() -> estate.run("UndoFailover", asking("PT4H", "undo", "")))
        .rootCause()
        .hasMessageContaining("'window' is unknown");
    assertThatThrownBy(
            () ->
                estate.run(
                    "SwitchOver",
                    "{\"vms\":[\"web-01\"],\"at\":\"2026-03-01T22:00:00Z\",\"window\":{\"length\":\"PT4H\",\"atEnd\":\"undo\"}}"))
        .rootCause()
        .hasMessageContaining("at only moves a switch");
  }
}
