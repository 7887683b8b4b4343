package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.NotifyActivities.Notice;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SwitchTimerTest {
  private static final String WEB = "{\"vms\":[\"web-01\"],\"by\":\"ada\"}";

  @AutoClose private final Estate estate = new Estate(0, "berlin", "munich");
  private final Replica replica = failedOver();

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

    assertThat(pages())
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
    assertThat(pages()).singleElement().extracting(Notice::message).asString().contains("berlin");

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
    estate.until("told", () -> !stops().isEmpty());
    assertThat(stops().getFirst().message())
        .contains("was stopped: aborted at step 'snapshotServing' by ada");

    estate.environment().sleep(Duration.ofDays(3));
    assertThat(state()).isEqualTo(READY_TO_SWITCH);
    assertThat(stops()).hasSize(1);

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
    estate.until("told", () -> !stops().isEmpty());

    assertThat(run("Reconcile", Deaths.input(replica, Way.ROLL_BACK)).outcome())
        .isEqualTo(Outcome.DONE);

    estate.environment().sleep(Duration.ofDays(3));
    assertThat(state()).isEqualTo(READY_TO_SWITCH);
    assertThat(claims(Operation.SWITCH_OVER)).hasSize(1);
    move(at);
    ends(FAILBACK);
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
    assertThat(stops()).isEmpty();
    ends(FAILBACK);
    assertThat(switchedAt()).isAfterOrEqualTo(later);
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

  private Replica failedOver() {
    Replica made = estate.vm("web-01");
    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");
    return made;
  }

  private Instant scheduledIn(Duration time) {
    Instant at = estate.now().plus(time);
    assertThat(run("Failback", scheduling(at)).state()).isEqualTo(READY_TO_SWITCH);
    return at;
  }

  private static String scheduling(Instant at) {
    return "{\"vms\":[\"web-01\"],\"switchover\":\"scheduled\",\"resynchroniseEvery\":\"off\",\"at\":\"%s\"}"
        .formatted(at);
  }

  private static String moving(Instant at) {
    return "{\"vms\":[\"web-01\"],\"at\":\"%s\"}".formatted(at);
  }

  private MemberResult move(Instant at) {
    return run("SwitchOver", moving(at));
  }

  /** Runs an operation to its end; nobody lets time skip to what the timer waits for meanwhile. */
  private MemberResult run(String type, String input) {
    return estate.resultBesideParked(estate.start(type, input)).members().getFirst();
  }

  private void answer(String word) {
    var _ =
        estate
            .member(replica)
            .update(
                "answer", String.class, new Answer(null, null, word, "ada", "the test wants it"));
  }

  /** The timer comes to its end, with the replica in that state and released. */
  private void ends(io.switchback.lifecycle.ReplicaState state) {
    estate.result(timer(), Void.class);
    estate.until("released", () -> !estate.registry.isClaimed(replica.id()));
    assertThat(state()).isEqualTo(state);
    assertThat(hasEnded()).isTrue();
  }

  private boolean hasEnded() {
    return timer().describe().getStatus()
        == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED;
  }

  private WorkflowStub timer() {
    return estate.client().newUntypedWorkflowStub(SwitchTimer.workflowId(replica.id()));
  }

  private io.switchback.lifecycle.ReplicaState state() {
    return estate.registry.state(replica.id());
  }

  private Instant switchedAt() {
    return estate.registry.audit().stream()
        .filter(entry -> entry.step().equals("completeSwitch"))
        .map(AuditEntry::at)
        .findFirst()
        .orElseThrow();
  }

  private List<AuditEntry> claims(Operation operation) {
    return estate.registry.audit().stream()
        .filter(entry -> entry.operation() == operation && entry.step().equals("claim"))
        .filter(entry -> entry.outcome().equals("DONE"))
        .toList();
  }

  private List<Notice> pages() {
    return estate.people.notices().stream()
        .filter(notice -> notice.fault().equals("REFUSED"))
        .toList();
  }

  private List<Notice> stops() {
    return estate.people.notices().stream()
        .filter(notice -> notice.fault().equals("STOPPED"))
        .toList();
  }
}
