package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.model.Consistency;
import io.switchback.model.Drift;
import io.switchback.model.DriftKind;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.port.NotifyActivities.Notice;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import io.temporal.client.WorkflowStub;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is found, and what ends a protection, while a failback is open. */
class OpenFailbackTest {
  private static final String WEB = "{\"vms\":[\"web-01\"]}";
  private static final String LATER =
      "{\"vms\":[\"web-01\"],\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\"}";
  private static final String KEEP = "{\"vms\":[\"web-01\"],\"replica\":\"keep\"}";

  @AutoClose private final Estate estate = new Estate();
  private final Replica replica = estate.vm("web-01");

  @Test
  void nothingIsFoundWhileAReplicaWaitsForItsSwitchOrIsFailedBack() {
    failedOver();
    estate.runOne("Failback", LATER);
    WorkflowStub loop = estate.loop(replica);
    turn(loop);
    assertThat(found()).isEmpty();
    estate.runOne("SwitchOver", WEB);
    estate.writeAtProduction(replica, "newer-1");

    turn(loop);

    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILBACK);
    assertThat(found()).isEmpty();
  }

  @Test
  void findsTheHalfWayCopyThatSomebodyStartsAtWhateverAddress() {
    failedOver();
    estate.runOne("Failback", LATER);
    WorkflowStub loop = estate.loop(replica);
    estate.production.address(replica.production(), "10.9.9.9");
    estate.production.power(replica.production(), PowerState.ON);

    turn(loop);

    assertThat(estate.registry.watch().drift(replica.id()))
        .singleElement()
        .returns(DriftKind.PRODUCTION_RUNS, Drift::kind)
        .satisfies(
            drift ->
                assertThat(drift.sentence())
                    .contains("half-way copy", "what it writes is overwritten by the switch"));
  }

  @Test
  void namesWhatIsAllowedForAReplicaThatRunsOrStopsWhileItsFailbackIsOpen() {
    failedOver();
    estate.runOne("Failback", LATER);
    WorkflowStub loop = estate.loop(replica);
    estate.recovery.power(replica.recovery(), PowerState.OFF);
    turn(loop);
    assertThat(found()).containsExactly(DriftKind.REPLICA_STOPPED);
    assertThat(answers()).containsExactly(command("cancel-failback"));
    estate.recovery.power(replica.recovery(), PowerState.ON);
    estate.runOne("SwitchOver", WEB);
    estate.recovery.power(replica.recovery(), PowerState.ON);

    turn(loop);

    assertThat(found()).containsExactly(DriftKind.REPLICA_RUNS);
    assertThat(answers()).containsExactly(command("undo-failback"));
  }

  @Test
  void aProtectionEndsOnlyOnceAFailbackThatIsHalfWayIsCancelled() {
    failedOver();
    estate.runOne("Failback", LATER);
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY_TO_SWITCH);

    assertThatThrownBy(() -> estate.run("Unprotect", KEEP))
        .satisfies(
            failure ->
                assertThat(Failures.toFault(failure.getCause()).sentence())
                    .contains("half-way copy", "cancel the failback first"));
    estate.runOne("CancelFailback", WEB);

    assertThat(estate.runOne("Unprotect", KEEP).outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.atProduction(replica)).isEqualTo("theirs1");
    assertThat(estate.production.snapshots(replica.production())).isEmpty();
  }

  @Test
  void aFailbackCanBeCancelledWithoutProductionWhichThenStaysAsItIs() {
    failedOver();
    estate.runOne("Failback", LATER);
    estate.production.reachable(false);

    WorkflowStub cancel = estate.start("CancelFailback", WEB);
    assertThat(estate.parked(replica).answers()).contains(Answer.SKIP);
    estate.answer(replica, Answer.SKIP, "it burnt");

    MemberResult result = estate.resultOfOne(cancel);
    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
  }

  @Test
  void whatIsUnprotectedAfterItsFailbackKeepsWhatProductionHolds() {
    failedOver();
    estate.runOne("Failback", WEB);
    estate.writeAtProduction(replica, "newer-1");

    MemberResult result = estate.runOne("Unprotect", KEEP);

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.atProduction(replica)).isEqualTo("newer-1");
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.ON);
    assertThat(estate.production.snapshots(replica.production())).isEmpty();
    assertThat(result.notes()).anyMatch(note -> note.contains("keeps what it holds"));
  }

  @Test
  void anUnprotectionThatIsAbortedAfterAFailbackLeavesReplicationOnHold() {
    failedOver();
    estate.runOne("Failback", WEB);
    estate.recovery.script().fail("fenceOff", "*", Fault.BAD_CREDENTIALS, 1);

    WorkflowStub run = estate.start("Unprotect", KEEP);
    estate.parked(replica);
    estate.answer(replica, Answer.ABORT, "not yet");

    assertThat(estate.resultOfOne(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.registry.isOnHold(replica.id())).isTrue();
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILBACK);
  }

  @Test
  void aRemovalThatNeededASecondAttemptDoesNotFenceOffTheNext() {
    leaveSnapshotsAtProduction();
    failsOnceAtProduction();

    assertThat(estate.runOne("Unprotect", KEEP).outcome()).isEqualTo(Outcome.DONE);

    assertThat(estate.production.snapshots(replica.production())).isEmpty();
  }

  @Test
  void neitherDoesItInAPermanentFailover() {
    leaveSnapshotsAtProduction();
    estate.runOne("PartialFailover", WEB);
    failsOnceAtProduction();

    MemberResult result =
        estate.runOne(
            "PermanentFailover",
            "{\"vms\":[{\"name\":\"web-01\",\"confirm\":\"remove 2 restore points of web-01\"}]}");

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.production.snapshots(replica.production())).isEmpty();
  }

  private void failsOnceAtProduction() {
    estate
        .production
        .script()
        .fail("removeSnapshot", replica.production().id(), Fault.SITE_UNREACHABLE, 1);
  }

  private void leaveSnapshotsAtProduction() {
    SnapshotActivities snapshots =
        Arrays.stream(estate.production.activities())
            .filter(SnapshotActivities.class::isInstance)
            .map(SnapshotActivities.class::cast)
            .findFirst()
            .orElseThrow();
    for (int i = 1; i <= 2; i++) {
      var made =
          snapshots.createSnapshot(
              new CreateSnapshot(
                  new Mandate("cycle", "snapshot", new Fence(1, 0, 0, 0)),
                  replica.production(),
                  ReplicaOperation.ownSnapshots(replica) + i,
                  false));
      assertThat(made.consistency()).isEqualTo(Consistency.CRASH);
    }
  }

  private void failedOver() {
    estate.writeAtProduction(replica, "theirs1");
    estate.runOne("PartialFailover", WEB);
    estate.write(replica, "serving");
  }

  private void turn(WorkflowStub loop) {
    var _ = loop.update("replicateNow", ReplicationStatus.class);
  }

  private List<DriftKind> found() {
    return estate.registry.watch().drift(replica.id()).stream().map(Drift::kind).toList();
  }

  private List<String> answers() {
    List<Notice> drifts =
        estate.people.notices().stream().filter(one -> one.step().equals("drift")).toList();
    return drifts.getLast().answers();
  }

  private static String command(String operation) {
    return "switchback start %s '{\"vms\":[\"web-01\"]}'".formatted(operation);
  }
}
