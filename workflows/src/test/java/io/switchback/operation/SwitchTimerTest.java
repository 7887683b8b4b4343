package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.model.PowerState;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.NotifyActivities.Notice;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A switch that is made at its time, and what keeps it from being made. */
class SwitchTimerTest extends SwitchCase {
  @Test
  void switchesAtItsTimeAndNotBeforeWithWorkersThatRememberNothing() {
    Instant at = scheduledIn(Duration.ofDays(9));
    assertThat(Estate.details(timer())).contains("switch over web-01", "at **" + at + "**");

    estate.environment().sleep(Duration.ofDays(9).minusMinutes(1));
    assertThat(state()).isEqualTo(READY_TO_SWITCH);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);

    ends(FAILBACK);
    assertThat(switchedAt()).isBetween(at, at.plusSeconds(30));
    assertThat(claims(Operation.SWITCH_OVER))
        .singleElement()
        .extracting(AuditEntry::by)
        .isEqualTo("schedule");
    assertThat(estate.people.notices()).isEmpty();
  }

  @Test
  void aCancelledFailbackEndsTheTimerAndNothingSwitches() {
    Instant at = scheduledIn(Duration.ofDays(3));

    run("CancelFailback", WEB);

    estate.until("the timer ends", this::hasEnded);
    assertThat(estate.now()).isBefore(at);
    estate.environment().sleep(Duration.ofDays(4));
    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(claims(Operation.SWITCH_OVER)).isEmpty();
  }

  @Test
  void aSwitchByHandEndsTheTimer() {
    Instant at = scheduledIn(Duration.ofDays(3));

    run("SwitchOver", WEB);

    estate.until("the timer ends", this::hasEnded);
    assertThat(state()).isEqualTo(FAILBACK);
    assertThat(estate.now()).isBefore(at);
  }

  @Test
  void whoIsRefusedTriesAgainAndCallsSomebodyOnce() {
    Instant at = scheduledIn(Duration.ofHours(1));
    // Somebody isolates production, and is held up.
    estate.production.script().fail("isolateVm", "*", Fault.NO_CAPACITY, 2);
    WorkflowStub other = estate.start("Isolate", WEB);
    estate.parked(replica);

    estate.environment().sleep(Duration.ofHours(2));

    assertThat(pages("REFUSED"))
        .singleElement()
        .satisfies(
            notice -> {
              assertThat(notice.operation()).isEqualTo("switch over");
              assertThat(notice.message())
                  .contains("could not be switched over at " + at, "is held by isolate");
            });
    assertThat(Estate.details(timer())).contains("tried again");
    answer(Answer.ABORT);
    estate.resultBesideParked(other);
    ends(FAILBACK);
  }

  @Test
  void aSiteThatIsAwayAtItsTimeIsTriedAgain() {
    Instant at = scheduledIn(Duration.ofHours(1));
    estate.production.reachable(false);
    estate.environment().sleep(Duration.ofHours(2));
    assertThat(state()).isEqualTo(READY_TO_SWITCH);
    assertThat(pages("REFUSED"))
        .singleElement()
        .extracting(Notice::message)
        .asString()
        .contains("berlin");

    estate.production.reachable(true);

    ends(FAILBACK);
    assertThat(switchedAt()).isAfter(at.plusSeconds(3000));
  }

  @Test
  void aRegistryThatIsAwayIsAskedAgain() {
    Instant at = scheduledIn(Duration.ofHours(1));
    estate.registry.script().fail("describeFailback", replica.id(), Fault.REGISTRY_UNAVAILABLE, 12);

    ends(FAILBACK);

    assertThat(switchedAt()).isAfter(at.plusSeconds(120));
  }

  @Test
  void whatAPersonHasStoppedIsNotStartedAgainUntilTheTimeIsMoved() {
    Instant at = scheduledIn(Duration.ofHours(1));
    estate.recovery.script().fail("createSnapshot", "*", Fault.BAD_CREDENTIALS, 1);
    estate.environment().sleep(Duration.ofMinutes(61));
    estate.parked(replica);
    answer(Answer.ABORT);
    estate.until("told", () -> !pages("STOPPED").isEmpty());
    assertThat(pages("STOPPED").getFirst().message())
        .contains("was stopped: aborted at step 'snapshotServing' by ada");

    estate.environment().sleep(Duration.ofDays(3));
    assertThat(state()).isEqualTo(READY_TO_SWITCH);
    assertThat(pages("STOPPED")).hasSize(1);

    move(at.plus(Duration.ofDays(4)));
    ends(FAILBACK);
    assertThat(switchedAt()).isAfterOrEqualTo(at.plus(Duration.ofDays(4)));
  }

  @Test
  void whatWasLeftForReconcileIsNotStartedAgainOnceItIsSettled() {
    Instant at = scheduledIn(Duration.ofHours(1));
    estate.recovery.script().fail("createSnapshot", "*", Fault.FENCED, 1);
    estate.environment().sleep(Duration.ofMinutes(61));
    estate.parked(replica);
    answer(Answer.RECONCILE);
    estate.until("told", () -> !pages("STOPPED").isEmpty());

    assertThat(run("Reconcile", Deaths.input(replica, Way.ROLL_BACK)).outcome())
        .isEqualTo(Outcome.DONE);

    estate.environment().sleep(Duration.ofDays(3));
    assertThat(state()).isEqualTo(READY_TO_SWITCH);
    assertThat(claims(Operation.SWITCH_OVER)).hasSize(1);
    move(at);
    ends(FAILBACK);
  }

  @Test
  void aHistoryThatGrowsIsCutAndTheTimerGoesOn() {
    scheduledIn(Duration.ofHours(1));
    String first = timer().describe().getExecution().getRunId();
    estate.registry.script().fail("describeFailback", replica.id(), Fault.BAD_CREDENTIALS, 52);

    ends(FAILBACK);

    assertThat(timer().describe().getExecution().getRunId()).isNotEqualTo(first);
  }

  @Test
  void aTimerThatCannotBeStartedParksAndCanBeSkipped() {
    estate.loops.script().fail("timeSwitch", replica.id(), Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("Failback", scheduling(estate.now().plusSeconds(3600)));
    assertThat(estate.parked(replica).step()).isEqualTo("startTimer");

    answer(Answer.SKIP);

    MemberResult result = estate.resultBesideParked(run).members().getFirst();
    assertThat(result.state()).isEqualTo(READY_TO_SWITCH);
    assertThat(result.skipped().getFirst().consequence()).contains("switch it over by hand");
  }

  @Test
  void aFailbackThatIsAbortedForWantOfATimerLeavesNoTrace() {
    estate.loops.script().fail("timeSwitch", replica.id(), Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("Failback", scheduling(estate.now().plusSeconds(3600)));
    estate.parked(replica);

    answer(Answer.ABORT);

    assertThat(estate.resultBesideParked(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(estate.registry.failback(replica.id())).isEmpty();
    assertThat(estate.production.snapshots(replica.production())).isEmpty();
  }
}
