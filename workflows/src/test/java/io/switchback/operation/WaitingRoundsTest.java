package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Failback.Round;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.NotifyActivities.Notice;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What keeps the last round of a failback small that waits for its switch. */
class WaitingRoundsTest {
  private static final String WEB = "{\"vms\":[\"web-01\"],\"by\":\"ada\"}";

  @AutoClose private final Estate estate = new Estate();
  private final Replica replica = failedOver();

  @Test
  void aFailbackThatWaitsForThreeWeeksIsSynchronisedNowAndThen() {
    failBack("\"switchover\":\"manual\",\"resynchroniseEvery\":\"P3D\"");
    assertThat(Estate.details(timer()))
        .contains("when somebody starts `SwitchOver`", "Synchronised last at", "Again at");
    for (int week = 1; week <= 3; week++) {
      write("week--" + week + "x".repeat(1000));
      Instant before = roundAt();

      estate.environment().sleep(Duration.ofDays(7));

      estate.until("a round", () -> !isClaimed() && roundAt().isAfter(before.plusSeconds(86400)));
      assertThat(atProduction()).isEqualTo("week--" + week);
      assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
      assertThat(state()).isEqualTo(READY_TO_SWITCH);
    }
    assertThat(claims(Operation.RESYNCHRONISE)).hasSizeBetween(6, 7);
    assertThat(claims(Operation.RESYNCHRONISE)).extracting(AuditEntry::by).containsOnly("schedule");
    write("last--1");

    MemberResult switched = run("SwitchOver", WEB);

    assertThat(switched.state()).isEqualTo(FAILBACK);
    assertThat(atProduction()).isEqualTo("last--1");
    assertThat(requireNonNull(switched.failback()).bytesRoundOne()).isLessThan(1000);
    estate.until("the timer ends", this::hasEnded);
    assertThat(estate.people.notices()).isEmpty();
  }

  @Test
  void aCancelAfterRoundsLeavesNoTrace() {
    failBack("\"switchover\":\"manual\"");
    estate.environment().sleep(Duration.ofHours(20));
    estate.until("three rounds", () -> !isClaimed() && claims(Operation.RESYNCHRONISE).size() == 3);

    run("CancelFailback", WEB);

    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(estate.production.snapshots(replica.production())).isEmpty();
    assertThat(estate.recovery.snapshots(replica.recovery())).containsExactly("point-1", "point-2");
    estate.until("the timer ends", this::hasEnded);
  }

  @Test
  void aRoundThatAPersonMadePutsTheNextOneOff() {
    failBack("\"switchover\":\"manual\"");
    estate.environment().sleep(Duration.ofHours(5));
    run("ResynchroniseFailback", WEB);
    Instant byHand = roundAt();

    estate.environment().sleep(Duration.ofHours(5));

    assertThat(claims(Operation.RESYNCHRONISE)).extracting(AuditEntry::by).containsExactly("ada");
    estate.environment().sleep(Duration.ofMinutes(62));
    estate.until("a round", () -> !isClaimed() && roundAt().isAfter(byHand));
    assertThat(roundAt()).isAfterOrEqualTo(byHand.plus(Duration.ofHours(6)));
  }

  @Test
  void oneThatIsRefusedIsTriedLaterAndSomebodyIsCalledOnce() {
    failBack("\"switchover\":\"manual\"");
    // Somebody isolates production, and is held up.
    estate.production.script().fail("isolateVm", "*", Fault.NO_CAPACITY, 2);
    WorkflowStub other = estate.start("Isolate", WEB);
    estate.parked(replica);
    Instant before = roundAt();

    estate.environment().sleep(Duration.ofHours(30));

    assertThat(pages("resynchronise"))
        .singleElement()
        .extracting(Notice::message)
        .asString()
        .contains("could not be synchronised again", "is held by isolate");
    assertThat(Estate.details(timer())).contains("in a row came to nothing");
    assertThat(roundAt()).isEqualTo(before);
    var _ =
        estate
            .member(replica)
            .update("answer", String.class, new Answer(null, null, Answer.ABORT, "ada", "enough"));
    estate.resultBesideParked(other);
    estate.environment().sleep(Duration.ofHours(6));
    estate.until("a round", () -> roundAt().isAfter(before));
    estate.until("released", () -> !isClaimed());
    assertThat(run("SwitchOver", WEB).state()).isEqualTo(FAILBACK);
  }

  @Test
  void oneThatFailsGivesUpAndTheNextOneGoesThrough() {
    failBack("\"switchover\":\"manual\"");
    Instant before = roundAt();
    estate.production.script().fail("createSnapshot", "*", Fault.BAD_CREDENTIALS, 1);

    estate.environment().sleep(Duration.ofHours(7));

    estate.until("a round", () -> roundAt().isAfter(before));
    estate.until("released", () -> !isClaimed());
    assertThat(claims(Operation.RESYNCHRONISE)).hasSize(2);
    assertThat(estate.people.notices()).isEmpty();
  }

  @Test
  void aScheduledSwitchIsMadeAtItsTimeAllTheSame() {
    Instant at = estate.now().plus(Duration.ofHours(20));
    failBack("\"switchover\":\"scheduled\",\"at\":\"%s\"".formatted(at));

    estate.result(timer(), Void.class);

    estate.until("released", () -> !isClaimed());
    assertThat(state()).isEqualTo(FAILBACK);
    assertThat(claims(Operation.RESYNCHRONISE)).hasSize(3);
    assertThat(claims(Operation.SWITCH_OVER))
        .singleElement()
        .extracting(AuditEntry::at)
        .satisfies(claimed -> assertThat(claimed).isBetween(at, at.plusSeconds(30)));
  }

  @Test
  void oneThatRunsGivesWayToASwitchThatIsDue() {
    Instant late = estate.now().plus(Duration.ofDays(30));
    failBack("\"switchover\":\"scheduled\",\"at\":\"%s\"".formatted(late));
    Instant before = roundAt();
    estate.production.script().before("createSnapshot", "*", this::isDueNow);

    estate.result(timer(), Void.class);

    estate.until("released", () -> !isClaimed());
    assertThat(state()).isEqualTo(FAILBACK);
    assertThat(claims(Operation.RESYNCHRONISE)).hasSize(1);
    assertThat(audited(Operation.RESYNCHRONISE)).doesNotContain("recordRound");
    assertThat(estate.now()).isBefore(before.plus(Duration.ofHours(7)));
    assertThat(estate.people.notices()).isEmpty();
  }

  @Test
  void aSwitchThatSomebodyStoppedLetsTheRoundsGoOn() {
    Instant at = estate.now().plus(Duration.ofHours(1));
    failBack("\"switchover\":\"scheduled\",\"at\":\"%s\"".formatted(at));
    stopTheSwitch();

    estate.environment().sleep(Duration.ofHours(20));

    estate.until("three rounds", () -> !isClaimed() && claims(Operation.RESYNCHRONISE).size() == 3);
    assertThat(state()).isEqualTo(READY_TO_SWITCH);
    assertThat(claims(Operation.SWITCH_OVER)).hasSize(1);
    assertThat(Estate.details(timer()))
        .contains("at " + at + " was stopped: aborted at step", "move its time")
        .contains("Synchronised last at " + roundAt(), "Again at");
    assertThat(pages("switchOver")).hasSize(1);

    timer().signal(SwitchTimer.WAKE);
    estate.result(timer(), Void.class);
    estate.until("released", () -> !isClaimed());
    assertThat(state()).isEqualTo(FAILBACK);
  }

  @Test
  void aHistoryThatIsCutForgetsNeitherTheRhythmNorThatTheSwitchWasStopped() {
    Instant at = estate.now().plus(Duration.ofHours(1));
    failBack("\"switchover\":\"scheduled\",\"at\":\"%s\"".formatted(at));
    stopTheSwitch();
    String first = timer().describe().getExecution().getRunId();

    estate.environment().sleep(Duration.ofDays(5));

    estate.until("the rounds", () -> !isClaimed() && claims(Operation.RESYNCHRONISE).size() == 20);
    assertThat(timer().describe().getExecution().getRunId()).isNotEqualTo(first);
    assertThat(claims(Operation.SWITCH_OVER)).hasSize(1);
    assertThat(Estate.details(timer())).contains("at " + at + " was stopped. It is not tried");
  }

  /** Somebody aborts the switch at its time, which is an hour from now. */
  private void stopTheSwitch() {
    estate.recovery.script().fail("createSnapshot", "*", Fault.BAD_CREDENTIALS, 1);
    estate.environment().sleep(Duration.ofMinutes(61));
    estate.parked(replica);
    var _ =
        estate
            .member(replica)
            .update("answer", String.class, new Answer(null, null, Answer.ABORT, "ada", "enough"));
    estate.until("told", () -> !pages("switchOver").isEmpty() && !isClaimed());
  }

  @Test
  void offMeansNever() {
    failBack("\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\"");
    Instant before = roundAt();

    estate.environment().sleep(Duration.ofDays(30));

    assertThat(roundAt()).isEqualTo(before);
    assertThat(claims(Operation.RESYNCHRONISE)).isEmpty();
    assertThatThrownBy(() -> timer().describe()).isInstanceOf(WorkflowNotFoundException.class);
  }

  @Test
  void refusesWhatIsNoTimeToWait() {
    for (String wrong : List.of("\"PT1M\"", "\"weekly\"", "\"P99999D\"", "7")) {
      assertThatThrownBy(
              () -> failBack("\"switchover\":\"manual\",\"resynchroniseEvery\":" + wrong))
          .isInstanceOf(WorkflowFailedException.class)
          .rootCause()
          .hasMessageContaining("resynchroniseEvery must be");
    }
    assertThatThrownBy(() -> failBack("\"resynchroniseEvery\":\"PT6H\""))
        .isInstanceOf(WorkflowFailedException.class)
        .rootCause()
        .hasMessageContaining("resynchroniseEvery belongs to a switchover that waits");
  }

  /** The switch is moved to now, and the round that runs hears of it before it goes on. */
  private void isDueNow() {
    estate.registry.switchAt(replica.id(), estate.now());
    timer().signal(SwitchTimer.WAKE);
    estate.until(
        "asked to end",
        () ->
            estate.client().fetchHistory("replica/" + replica.id()).getEvents().stream()
                .anyMatch(HistoryEvent::hasWorkflowExecutionCancelRequestedEventAttributes));
  }

  private Replica failedOver() {
    Replica made = estate.vm("web-01");
    estate.run("PartialFailover", WEB);
    return made;
  }

  private void failBack(String how) {
    assertThat(estate.run("Failback", "{\"vms\":[\"web-01\"]," + how + "}").outcome())
        .isEqualTo(Outcome.DONE);
  }

  private MemberResult run(String type, String input) {
    return estate.resultBesideParked(estate.start(type, input)).members().getFirst();
  }

  private void write(String text) {
    estate.recovery.write(replica.recovery(), Estate.disk(replica), 0, text.getBytes(UTF_8));
  }

  private String atProduction() {
    return new String(
        estate.production.read(
            replica.production(), replica.disks().getFirst().productionDisk(), 0, 7),
        UTF_8);
  }

  private Instant roundAt() {
    Round round = estate.registry.failback(replica.id()).orElseThrow().round();
    return requireNonNull(requireNonNull(round).at());
  }

  private boolean isClaimed() {
    return estate.registry.isClaimed(replica.id());
  }

  private ReplicaState state() {
    return estate.registry.state(replica.id());
  }

  private WorkflowStub timer() {
    return estate.client().newUntypedWorkflowStub(SwitchTimer.workflowId(replica.id()));
  }

  private boolean hasEnded() {
    return timer().describe().getStatus()
        == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED;
  }

  private List<AuditEntry> claims(Operation operation) {
    return estate.registry.audit().stream()
        .filter(entry -> entry.operation() == operation && entry.step().equals("claim"))
        .filter(entry -> entry.outcome().equals("DONE"))
        .toList();
  }

  private List<String> audited(Operation operation) {
    return estate.registry.audit().stream()
        .filter(entry -> entry.operation() == operation)
        .map(AuditEntry::step)
        .toList();
  }

  private List<Notice> pages(String step) {
    return estate.people.notices().stream().filter(notice -> notice.step().equals(step)).toList();
  }
}
