package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.model.PowerState;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The time of a switch, and how people move it. */
class SwitchMoveTest extends SwitchCase {
  @Test
  void aTimeThatIsMovedLaterHolds() {
    Instant at = scheduledIn(Duration.ofHours(1));

    MemberResult moved = move(at.plus(Duration.ofDays(2)));

    assertThat(moved.outcome()).isEqualTo(Outcome.DONE);
    assertThat(moved.state()).isEqualTo(READY_TO_SWITCH);
    assertThat(moved.notes())
        .contains("is switched over at " + at.plus(Duration.ofDays(2)) + "; before it was " + at);
    estate.environment().sleep(Duration.ofDays(2));
    assertThat(state()).isEqualTo(READY_TO_SWITCH);
    ends(FAILBACK);
    assertThat(switchedAt()).isAfterOrEqualTo(at.plus(Duration.ofDays(2)));
  }

  @Test
  void aTimeThatIsMovedEarlierHolds() {
    Instant at = scheduledIn(Duration.ofDays(30));

    move(at.minus(Duration.ofDays(29)));

    ends(FAILBACK);
    assertThat(switchedAt()).isBefore(at.minus(Duration.ofDays(28)));
  }

  @Test
  void aMoveTouchesNothingButTheTime() {
    Instant at = scheduledIn(Duration.ofDays(3));
    int before = estate.registry.audit().size();
    List<String> snapshots = estate.production.snapshots(replica.production());

    move(at.plusSeconds(60));

    assertThat(estate.registry.audit().stream().skip(before).map(AuditEntry::step))
        .containsExactly("readFailback", "claim", "moveSwitch", "startTimer", "release");
    assertThat(Procedure.of(Operation.MOVE_SWITCH).steps().stream().map(StepKind::id))
        .containsExactly("readFailback", "claim", "moveSwitch", "startTimer", "release");
    assertThat(estate.production.snapshots(replica.production())).isEqualTo(snapshots);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
  }

  @Test
  void aSwitchThatIsMadeByHandHasNoTimeToMove() {
    estate.run(
        "Failback",
        "{\"vms\":[\"web-01\"],\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\"}");

    MemberResult moved = move(estate.now());

    assertThat(moved.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(moved.notes())
        .anyMatch(note -> note.contains("its switchover is manual, and has no time"));
    assertThat(state()).isEqualTo(READY_TO_SWITCH);
  }

  @Test
  void anAbortedMoveLeavesTheTimeAsItWas() {
    Instant at = scheduledIn(Duration.ofDays(3));
    estate.loops.script().fail("timeSwitch", replica.id(), Fault.UNEXPECTED, 9);
    WorkflowStub run = estate.start("SwitchOver", moving(at.plusSeconds(60)));
    assertThat(estate.parked(replica).step()).isEqualTo("startTimer");

    answer(Answer.ABORT);

    assertThat(estate.resultBesideParked(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.registry.failback(replica.id()).orElseThrow().switchAt()).isEqualTo(at);
  }

  @Test
  void aTimeThatIsMovedWhileTheSwitchBeginsIsObeyed() {
    Instant at = scheduledIn(Duration.ofHours(1));
    Instant later = at.plus(Duration.ofDays(1));
    // Between the start of the run and its claim somebody else is quicker.
    estate
        .registry
        .script()
        .before("claimReplica", replica.id(), () -> estate.registry.switchAt(replica.id(), later));

    estate.environment().sleep(Duration.ofHours(2));

    assertThat(state()).isEqualTo(READY_TO_SWITCH);
    assertThat(claims(Operation.SWITCH_OVER)).hasSize(1);
    assertThat(pages("STOPPED")).isEmpty();
    ends(FAILBACK);
    assertThat(switchedAt()).isAfterOrEqualTo(later);
  }

  @Test
  void aMoveThatDiedIsSettledByTheTimeThatTheRegistryHas() {
    Instant at = scheduledIn(Duration.ofDays(3));
    Deaths deaths = new Deaths(estate, (type, vm, how) -> {});
    estate
        .registry
        .script()
        .afterLater("recordAudit", "*", 2, () -> estate.member(replica).terminate("test"));
    assertThat(deaths.diesIn("SwitchOver", moving(at.minus(Duration.ofDays(2))), replica)).isTrue();

    assertThat(run("Reconcile", Deaths.input(replica, Way.ADOPT)).outcome())
        .isEqualTo(Outcome.DONE);

    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    estate.until(
        "the timer goes by it",
        () -> Estate.details(timer()).contains("at **" + at.minus(Duration.ofDays(2))));
  }

  @Test
  void twoTimesAtOnceAreAMistake() {
    assertThatThrownBy(
            () ->
                estate.run(
                    "SwitchOver",
                    "{\"vms\":[\"web-01\"],\"at\":\"2026-03-01T22:00:00Z\",\"due\":\"tomorrow\"}"))
        .isInstanceOf(WorkflowFailedException.class)
        .rootCause()
        .hasMessageContaining("at moves a switch, and due makes one: give one of them")
        .hasMessageContaining("due has a value of the wrong kind");
  }
}
