package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.PERMANENT;
import static io.switchback.lifecycle.ReplicaState.READY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Windows whose operation is refused, parks, is stopped or dies. */
class WindowTroubleTest extends WindowCase {
  @Test
  void whatIsRefusedIsTriedAgainAndCallsSomebodyOnce() {
    Instant end = failOver("PT4H", "undo", "");
    // Somebody isolates production, and is held up.
    estate.production.script().fail("isolateVm", "*", Fault.NO_CAPACITY, 2);
    WorkflowStub other = estate.start("Isolate", WEB);
    estate.parked(replica);

    estate.environment().sleep(Duration.ofHours(6));

    assertThat(pages("REFUSED"))
        .singleElement()
        .satisfies(
            notice -> {
              assertThat(notice.operation()).isEqualTo("window");
              assertThat(notice.message()).contains("ended at " + end, "is held by isolate");
            });
    assertThat(details()).contains("tried again");
    answer(Answer.ABORT);
    estate.resultBesideParked(other);
    ends(READY);
  }

  @Test
  void aCommitThatIsRefusedBeforeItBeginsIsTriedAgain() {
    failOver("PT4H", "commit", "");
    estate.production.script().fail("isolateVm", "*", Fault.NO_CAPACITY, 2);
    WorkflowStub other = estate.start("Isolate", WEB);
    estate.parked(replica);

    estate.environment().sleep(Duration.ofHours(6));

    assertThat(pages("REFUSED")).hasSize(1);
    answer(Answer.ABORT);
    estate.resultBesideParked(other);
    ends(PERMANENT);
  }

  @Test
  void whatParksWaitsForAPersonAndIsNotStartedAgainWhenItIsAborted() {
    failOver("PT4H", "undo", "");
    estate.recovery.script().fail("powerOffVm", "*", Fault.BAD_CREDENTIALS, 1);
    estate.environment().sleep(Duration.ofHours(4).plusMinutes(2));
    estate.parked(replica);
    assertThat(details()).contains("has ended: its failover is undone", "now, by run `window/");
    assertThatThrownBy(() -> extend("PT1H"))
        .isInstanceOf(WorkflowUpdateException.class)
        .rootCause()
        .hasMessageContaining("Abort that run while it can be");

    answer(Answer.ABORT);

    estate.until("told", () -> !pages("STOPPED").isEmpty());
    estate.environment().sleep(Duration.ofDays(2));
    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(claims(Operation.UNDO_FAILOVER)).hasSize(1);
    assertThat(pages("STOPPED").getFirst().message())
        .contains("was stopped: aborted at step 'powerOff' by ada");
    extend("PT1H");
    ends(READY);
  }

  @Test
  void whatWasAbortedIsNotStartedAgainBecauseSomethingElseIsDoneWithTheReplica() {
    failOver("PT4H", "undo", "");
    estate.recovery.script().fail("powerOffVm", "*", Fault.BAD_CREDENTIALS, 1);
    estate.environment().sleep(Duration.ofHours(4).plusMinutes(2));
    estate.parked(replica);
    answer(Answer.ABORT);
    estate.until("told", () -> !pages("STOPPED").isEmpty());

    done("Reconnect", WEB);

    estate.environment().sleep(Duration.ofHours(1));
    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(claims(Operation.UNDO_FAILOVER)).hasSize(1);
    timer().signal(WindowTimer.WAKE);
    ends(READY);
  }

  @Test
  void aRegistryThatIsAwayIsAskedAgain() {
    failOver("PT4H", "undo", "");
    estate.registry.script().fail("describeWindow", replica.id(), Fault.REGISTRY_UNAVAILABLE, 12);

    ends(READY);
  }

  @Test
  void aTimerThatCannotBeStartedParksAndCanBeSkipped() {
    estate.loops.script().fail("timeWindow", replica.id(), Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("PartialFailover", asking("PT4H", "undo", ""));
    assertThat(estate.parked(replica).step()).isEqualTo("startWindow");

    answer(Answer.SKIP);

    MemberResult result = estate.resultBesideParked(run).members().getFirst();
    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(result.skipped().getFirst().consequence()).contains("do it by hand");
  }

  @Test
  void aFailoverThatIsAbortedLeavesNoWindow() {
    estate.loops.script().fail("timeWindow", replica.id(), Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("PartialFailover", asking("PT4H", "undo", ""));
    estate.parked(replica);

    answer(Answer.ABORT);

    assertThat(estate.resultBesideParked(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(state()).isEqualTo(READY);
    assertThat(estate.registry.window(replica.id())).isEmpty();
  }

  @Test
  void aStarterThatDiedBeforeTheTimerRanIsReplacedByReconcile() {
    Deaths deaths = new Deaths(estate, (type, vm, how) -> {});
    estate
        .registry
        .script()
        .after("openWindow", replica.id(), () -> estate.member(replica).terminate("test"));
    assertThat(deaths.diesIn("PartialFailover", asking("PT4H", "undo", ""), replica)).isTrue();

    assertThat(run("Reconcile", Deaths.input(replica, Way.ADOPT)).outcome())
        .isEqualTo(Outcome.DONE);

    assertThat(window().terms().length()).isEqualTo(Duration.ofHours(4));
    isTimed();
  }

  @Test
  void aFailoverThatDiedBeforeItsWindowCountedGetsItByReconcile() {
    Deaths deaths = new Deaths(estate, (type, vm, how) -> {});
    estate
        .recovery
        .script()
        .after("powerOnVm", "*", () -> estate.member(replica).terminate("test"));
    assertThat(deaths.diesIn("PartialFailover", asking("PT4H", "undo", ""), replica)).isTrue();

    assertThat(run("Reconcile", Deaths.input(replica, Way.ROLL_FORWARD)).outcome())
        .isEqualTo(Outcome.DONE);

    assertThat(state()).isEqualTo(FAILOVER);
    isTimed();
  }
}
