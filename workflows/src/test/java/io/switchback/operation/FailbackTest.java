package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.FaultScript;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class FailbackTest {
  private static final String WEB = "{\"vms\":[\"web-01\"],\"by\":\"ada\"}";
  private static final String LATER =
      "{\"vms\":[\"web-01\"],\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\"}";

  @AutoClose private final Estate estate = new Estate();
  private final Replica replica = estate.failedOver("web-01");

  @Test
  void bringsHomeWhatTheReplicaWroteBeforeAndWhileItWasSynchronised() {
    estate.write(replica, "before-1");
    // The last of it is written between the two rounds.
    estate
        .registry
        .script()
        .before("recordRound", "id-web-01", () -> estate.write(replica, "last--1"));

    MemberResult result = estate.runOne("Failback", WEB);

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.state()).isEqualTo(FAILBACK);
    assertThat(estate.atProduction(replica)).isEqualTo("last--1");
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.ON);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.OFF);
    assertThat(estate.registry.isOnHold(replica.id())).isTrue();
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    assertThat(requireNonNull(result.failback()).bytesRoundTwo()).isPositive();
    assertThat(result.notes()).anyMatch(note -> note.contains("CHANGE_LIST"));
    // Only what commit or undo needs is left.
    assertThat(ownSnapshots()).hasSize(1);
    assertThat(estate.recovery.snapshots(replica.recovery()))
        .containsExactly("point-1", "point-2", newest().snapshot());
  }

  private RestorePoint newest() {
    return estate.registry.restorePoints(replica.id()).getLast();
  }

  private List<String> ownSnapshots() {
    return estate.production.snapshots(replica.production());
  }

  @Test
  void goesByItsProcedure() {
    DoneSteps steps = new DoneSteps(estate);

    estate.runOne("Failback", WEB);

    assertThat(steps.ids()).containsExactlyElementsOf(ids(Operation.FAILBACK));
  }

  @Test
  void laterItEndsWithTheReplicaServing() {
    estate.write(replica, "before-1");

    MemberResult result = estate.runOne("Failback", LATER);

    assertThat(result.state()).isEqualTo(READY_TO_SWITCH);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.OFF);
    assertThat(estate.atProduction(replica)).startsWith("before-");
  }

  @Test
  void aSwitchOverBringsWhatTheReplicaWroteMeanwhile() {
    estate.runOne("Failback", LATER);
    estate.write(replica, "meanwh1");
    DoneSteps steps = new DoneSteps(estate);

    MemberResult result = estate.runOne("SwitchOver", WEB);

    assertThat(result.state()).isEqualTo(FAILBACK);
    assertThat(estate.atProduction(replica)).isEqualTo("meanwh1");
    assertThat(steps.ids()).containsExactlyElementsOf(ids(Operation.SWITCH_OVER));
    assertThat(ownSnapshots()).hasSize(1);
  }

  @Test
  void whatSomebodyWroteToProductionMeanwhileIsOverwritten() {
    estate.write(replica, "replica");
    estate.runOne("Failback", LATER);
    estate.production.write(
        replica.production(),
        Estate.productionDisk(replica),
        100,
        "by hand, while it waited".getBytes(UTF_8));

    estate.runOne("SwitchOver", WEB);

    assertThat(
            estate.production.read(replica.production(), Estate.productionDisk(replica), 100, 24))
        .isEqualTo(new byte[24]);
  }

  @Test
  void aCancelledFailbackLeavesNoTraceAtProduction() {
    estate.runOne("Failback", LATER);
    DoneSteps steps = new DoneSteps(estate);

    MemberResult result = estate.runOne("CancelFailback", WEB);

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(estate.atProduction(replica)).isEqualTo("theirs1");
    assertThat(ownSnapshots()).isEmpty();
    assertThat(estate.recovery.snapshots(replica.recovery())).containsExactly("point-1", "point-2");
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
    assertThat(estate.registry.failback(replica.id())).isEmpty();
    assertThat(without("restartTarget", steps.ids()))
        .containsExactlyElementsOf(without("restartTarget", ids(Operation.CANCEL_FAILBACK)));
  }

  @Test
  void productionThatRanBeforeAtAnotherAddressRunsAgain() {
    estate.production.power(replica.production(), PowerState.ON);
    estate.production.address(replica.production(), "10.9.9.9");
    estate.runOne("Failback", LATER);

    estate.runOne("CancelFailback", WEB);

    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.ON);
  }

  @Test
  void productionIsNotPoweredOnBesideItsReplicaWithoutAWord() {
    estate.production.address(replica.production(), "10.1.0.6");
    estate.recovery.address(replica.recovery(), "10.1.0.6");
    estate.production.power(replica.production(), PowerState.ON);
    estate.runOne("Failback", LATER);

    var cancel = estate.start("CancelFailback", WEB);

    Parked parked = estate.parked(replica);
    assertThat(parked.step()).isEqualTo(Checks.REPLICA_STILL_RUNS);
    assertThat(parked.message())
        .contains("still runs on a connected network and answers to 10.1.0.6");
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.OFF);
    estate.answer(replica, Answer.ACKNOWLEDGE, "it is in a network of its own");
    assertThat(estate.resultOfOne(cancel).outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.ON);
  }

  @Test
  void aCommitKeepsTheProtectiveSnapshotAndReplicationGoesOn() {
    estate.runOne("Failback", WEB);
    RestorePoint protective = newest();
    DoneSteps steps = new DoneSteps(estate);

    MemberResult result = estate.runOne("CommitFailback", WEB);

    assertThat(result.state()).isEqualTo(READY);
    assertThat(ownSnapshots()).isEmpty();
    assertThat(newest()).isEqualTo(protective);
    assertThat(estate.registry.isOnHold(replica.id())).isFalse();
    assertThat(estate.woken).contains(replica.id());
    assertThat(steps.ids()).containsExactlyElementsOf(ids(Operation.COMMIT_FAILBACK));
  }

  @Test
  void anUndoPutsBothBack() {
    estate.write(replica, "serving");
    estate.runOne("Failback", WEB);
    estate.writeAtProduction(replica, "newer-1");
    DoneSteps steps = new DoneSteps(estate);

    MemberResult result = estate.runOne("UndoFailback", WEB);

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(estate.atProduction(replica)).isEqualTo("theirs1");
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.OFF);
    assertThat(ownSnapshots()).isEmpty();
    assertThat(estate.content(replica)).isEqualTo("serving");
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
    assertThat(newest().snapshot()).isEqualTo("point-2");
    assertThat(estate.recovery.snapshots(replica.recovery())).containsExactly("point-1", "point-2");
    assertThat(without("restartTarget", steps.ids()))
        .containsExactlyElementsOf(without("restartTarget", ids(Operation.UNDO_FAILBACK)));
  }

  @Test
  void anAbortedSwitchLeavesTheReplicaServingAndProductionAsItWas() {
    estate.write(replica, "serving");
    // The last round fails, after the replica was powered off.
    estate
        .registry
        .script()
        .after(
            "recordRound",
            "id-web-01",
            () ->
                estate
                    .production
                    .script()
                    .fail("transferDisk", Estate.productionDisk(replica), Fault.DATASTORE_FULL, 1));

    var run = estate.start("Failback", WEB);
    estate.parked(replica);
    estate.answer(replica, Answer.ABORT, "no room");

    MemberResult result = estate.resultOfOne(run);
    assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
    assertThat(estate.atProduction(replica)).isEqualTo("theirs1");
    assertThat(ownSnapshots()).isEmpty();
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
    assertThat(estate.content(replica)).isEqualTo("serving");
    assertThat(estate.registry.failback(replica.id())).isEmpty();
  }

  @Test
  void aSynchronisationThatCannotBeginWaitsForAPerson() {
    estate.write(replica, "serving");
    FaultScript munich = estate.recovery.script();
    munich.after(
        "createSnapshot",
        "r-web-01",
        () -> munich.fail("hello", "munich", Fault.BAD_CREDENTIALS, 1));

    var run = estate.start("Failback", WEB);

    assertThat(estate.parked(replica).step()).isEqualTo("synchronise");
    estate.answer(replica, Answer.RETRY);

    assertThat(estate.resultOfOne(run).outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.atProduction(replica)).isEqualTo("serving");
  }

  /** Without the steps that only a new location has. */
  private static List<String> ids(Operation operation) {
    return without("unplugTarget", DoneSteps.of(operation, FailbackToNewLocationTest.STEPS));
  }

  private static List<String> without(String step, List<String> steps) {
    return steps.stream().filter(one -> !one.equals(step)).toList();
  }
}
