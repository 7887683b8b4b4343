package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.PERMANENT;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.CommitWindow;
import io.switchback.model.Replica;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.NotifyActivities.Notice;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class WindowTest {
  private static final String WEB = "{\"vms\":[\"web-01\"],\"by\":\"ada\"}";
  private static final String PROBES =
      ",\"probes\":[{\"kind\":\"TcpCheck\",\"address\":\"{address}:443\",\"limit\":\"PT5S\"}]";

  @AutoClose private final Estate estate = new Estate(0, "berlin", "munich");
  private final Replica replica = estate.vm("web-01");

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
  void showsWhatIsLeftAndHowItIsExtended() {
    Instant end = failOver("PT72H", "undo", "");
    estate.until("asked", () -> details().contains("left"));
    assertThat(details())
        .contains(
            "window of web-01",
            "**3 d left**",
            "at " + end,
            "its failover is undone (`UndoFailover`)",
            "Asked for by ada",
            "{\"extendBy\":\"PT72H\",\"by\":\"your name\",\"reason\":\"why\"}",
            "cancelWindow");

    estate.environment().sleep(Duration.ofHours(70).plusMinutes(30));

    assertThat(details()).contains("**90 min left**");
  }

  @Test
  void whoExtendsItPutsTheEndOff() {
    Instant end = failOver("PT4H", "undo", "");

    assertThat(extend("PT6H")).contains("ends at " + end.plus(Duration.ofHours(6)));

    estate.environment().sleep(Duration.ofHours(9));
    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(audit("extendWindow"))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.by()).isEqualTo("bob");
              assertThat(entry.operation()).isEqualTo(Operation.UNDO_FAILOVER);
              assertThat(entry.detail()).contains("before it was " + end, "why: we still look");
            });
    ends(READY);
    assertThat(doneAt("moveToREADY")).isAfterOrEqualTo(end.plus(Duration.ofHours(6)));
  }

  @Test
  void aTimeMayBeNamedInstead() {
    Instant end = failOver("PT4H", "undo", "");
    Instant later = end.plus(Duration.ofDays(10));

    change(WindowTimer.EXTEND, new WindowChange(null, later.plusNanos(7).toString(), "bob", null));

    assertThat(window().endsAt()).as("as fine as a registry can keep it").isEqualTo(later);
  }

  @Test
  void refusesChangesThatMakeNoSense() {
    Instant end = failOver("PT4H", "undo", "");
    estate.until("asked", () -> details().contains("left"));

    refuses(new WindowChange("PT2H", null, null, null), "Say who asks");
    refuses(new WindowChange(null, null, "bob", null), "one of the two");
    refuses(new WindowChange("PT2H", end.toString(), "bob", null), "one of the two");
    refuses(new WindowChange("2 hours", null, "bob", null), "'2 hours' is no length of time");
    refuses(new WindowChange(null, "tomorrow", "bob", null), "'tomorrow' is no time");
    refuses(new WindowChange("PT0S", null, "bob", null), "is not later");
    refuses(new WindowChange(null, end.minusSeconds(60).toString(), "bob", null), "is not later");
    refuses(new WindowChange("P91D", null, "bob", null), "at most 90 days from now");
    assertThat(window().endsAt()).isEqualTo(end);
  }

  @Test
  void whoCancelsItKeepsTheFailoverAsItIs() {
    failOver("PT4H", "undo", "");

    assertThat(change(WindowTimer.CANCEL, new WindowChange(null, null, "bob", "I decide")))
        .contains("is cancelled");

    estate.until("the timer ends", this::hasEnded);
    estate.environment().sleep(Duration.ofHours(5));
    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(estate.registry.window(replica.id())).isEmpty();
    assertThat(audit("cancelWindow")).singleElement().returns("bob", AuditEntry::by);
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
  void probesThatPassLetACommitHappen() {
    failOver("PT4H", "commit", PROBES);

    ends(PERMANENT);

    assertThat(estate.people.notices()).isEmpty();
  }

  @Test
  void probesThatDoNotPassPutACommitOffAndLeaveItToAPersonInTheEnd() {
    failOver("PT4H", "commit", PROBES);
    estate.checks.silence(replica.recovery().id());

    estate.environment().sleep(Duration.ofHours(4).plusMinutes(5));
    assertThat(pages("PUT_OFF"))
        .singleElement()
        .extracting(Notice::message)
        .asString()
        .contains("does not pass", "put off 1 of 3 times");
    assertThat(window().extensions()).isEqualTo(1);

    estate.environment().sleep(Duration.ofDays(3));
    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(pages("PUT_OFF")).hasSize(3);
    assertThat(pages("STOPPED"))
        .singleElement()
        .extracting(Notice::message)
        .asString()
        .contains("nothing is done by itself any more");
    assertThat(audit("putOffWindow")).hasSize(3).allMatch(entry -> entry.by().equals("probes"));
    assertThat(details()).contains("nothing is done by itself any more", "cancelWindow");
  }

  @Test
  void aPersonWhoExtendsAWornOutWindowBeginsAnew() {
    failOver("PT4H", "commit", PROBES);
    estate.checks.silence(replica.recovery().id());
    estate.environment().sleep(Duration.ofDays(3));
    Instant now = estate.now();

    extend("PT2H");

    assertThat(window().extensions()).isZero();
    assertThat(window().endsAt()).isAfterOrEqualTo(now.plus(Duration.ofHours(2)));
  }

  @Test
  void probesThatPassPutAnUndoOff() {
    failOver("PT4H", "undo", PROBES);

    estate.environment().sleep(Duration.ofHours(5));

    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(pages("PUT_OFF"))
        .singleElement()
        .extracting(Notice::message)
        .asString()
        .contains("all of its probes pass");
  }

  @Test
  void probesThatDoNotPassLetAnUndoHappen() {
    failOver("PT4H", "undo", PROBES);
    estate.checks.silence(replica.recovery().id());

    ends(READY);
  }

  @Test
  void probesOfAFailbackAskProduction() {
    done("PartialFailover", WEB);
    done("Failback", asking("PT4H", "commit", PROBES));
    estate.checks.silence(replica.recovery().id());

    ends(READY);
  }

  @Test
  void aSiteThatCannotBeAskedSaysNeither() {
    failOver("PT4H", "undo", PROBES);
    estate.checks.silence(replica.recovery().id());
    estate.recovery.reachable(false);

    estate.environment().sleep(Duration.ofHours(6));
    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(window().extensions()).isZero();
    assertThat(pages("REFUSED")).hasSize(1);

    estate.recovery.reachable(true);
    ends(READY);
  }

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
  void anEndThatIsMovedWhileItsOperationBeginsIsObeyed() {
    Instant end = failOver("PT4H", "undo", "");
    Instant later = end.plus(Duration.ofDays(1));
    // Between the start of the run and its claim the registry has another end.
    estate
        .registry
        .script()
        .before(
            "claimReplica", replica.id(), () -> estate.registry.windowEnds(replica.id(), later));

    estate.environment().sleep(Duration.ofHours(5));

    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(claims(Operation.UNDO_FAILOVER)).hasSize(1);
    assertThat(pages("STOPPED")).isEmpty();
    ends(READY);
    assertThat(doneAt("moveToREADY")).isAfterOrEqualTo(later);
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

  /** The end of the window. */
  private Instant failOver(String length, String atEnd, String probes) {
    done("PartialFailover", asking(length, atEnd, probes));
    return java.util.Objects.requireNonNull(window().endsAt());
  }

  private void failedBack(String type, String atEnd) {
    done("PartialFailover", WEB);
    done(type, asking("PT4H", atEnd, ""));
    assertThat(state()).isEqualTo(FAILBACK);
  }

  private static String asking(String length, String atEnd, String probes) {
    return "{\"vms\":[\"web-01\"],\"by\":\"ada\",\"window\":{\"length\":\"%s\",\"atEnd\":\"%s\"%s}}"
        .formatted(length, atEnd, probes);
  }

  private void done(String type, String input) {
    MemberResult result = run(type, input);
    assertThat(result.outcome()).as(result.notes().toString()).isEqualTo(Outcome.DONE);
  }

  /** Runs an operation to its end; nobody lets time skip to what the timer waits for meanwhile. */
  private MemberResult run(String type, String input) {
    return estate.resultBesideParked(estate.start(type, input)).members().getFirst();
  }

  private String extend(String by) {
    return change(WindowTimer.EXTEND, new WindowChange(by, null, "bob", "we still look"));
  }

  private String change(String update, WindowChange change) {
    return timer().update(update, String.class, change);
  }

  private void refuses(WindowChange change, String because) {
    assertThatThrownBy(() -> change(WindowTimer.EXTEND, change))
        .isInstanceOf(WorkflowUpdateException.class)
        .rootCause()
        .hasMessageContaining(because);
  }

  private void answer(String word) {
    var _ =
        estate
            .member(replica)
            .update(
                "answer", String.class, new Answer(null, null, word, "ada", "the test wants it"));
  }

  /** The timer comes to its end, with the replica in that state and released. */
  private void ends(ReplicaState state) {
    estate.result(timer(), Void.class);
    estate.until("released", () -> !estate.registry.isClaimed(replica.id()));
    assertThat(state()).isEqualTo(state);
    assertThat(hasEnded()).isTrue();
    assertThat(estate.registry.window(replica.id())).isEmpty();
  }

  /** The server in memory skips no time once a run was terminated: that it runs must do. */
  private void isTimed() {
    estate.until(
        "the timer goes by it", () -> details().contains("left**: at " + window().endsAt()));
  }

  private boolean hasEnded() {
    return timer().describe().getStatus()
        == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED;
  }

  private WorkflowStub timer() {
    return estate.client().newUntypedWorkflowStub(WindowTimer.workflowId(replica.id()));
  }

  private String details() {
    return Estate.details(timer());
  }

  private CommitWindow window() {
    return estate.registry.window(replica.id()).orElseThrow();
  }

  private ReplicaState state() {
    return estate.registry.state(replica.id());
  }

  private Instant doneAt(String step) {
    return audit(step).getLast().at();
  }

  private List<AuditEntry> audit(String step) {
    return estate.registry.audit().stream().filter(entry -> entry.step().equals(step)).toList();
  }

  private List<AuditEntry> claims(Operation operation) {
    return audit("claim").stream()
        .filter(entry -> entry.operation() == operation)
        .filter(entry -> entry.outcome().equals("DONE"))
        .toList();
  }

  private List<Notice> pages(String fault) {
    return estate.people.notices().stream().filter(notice -> notice.fault().equals(fault)).toList();
  }
}
