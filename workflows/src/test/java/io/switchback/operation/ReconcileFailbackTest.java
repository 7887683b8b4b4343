package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.Failback;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Failbacks, and what ends them, that die after each of their steps. */
@Tag("long")
class ReconcileFailbackTest extends DyingFailbacks {
  @BeforeEach
  void extendNetworks() {
    estate.extendNetworks();
  }

  @Test
  void aFailbackThatDiedGoesBackAndAfterTheSwitchEitherWay() {
    assertThat(deaths.settleEvery("Failback", this::failedOver, this::failback))
        .contains(
            "claim, roll back",
            "beginFailback, roll back",
            "protectTarget, roll back",
            "recordRound, roll back",
            "powerOff, roll back",
            "protectReplica, roll back",
            "completeSwitch, roll forward",
            "completeSwitch, roll back",
            "powerOnTarget, roll forward",
            "removeTargetSnapshot, roll back")
        .doesNotContain("powerOff, roll forward", "markTarget, roll forward");
  }

  @Test
  void aFailbackForLaterThatDiedGoesBackAndOnceItsRoundIsRecordedEitherWay() {
    assertThat(deaths.settleEvery("Failback", this::failedOver, this::later))
        .contains(
            "snapshotServing, roll back",
            "recordRound, roll forward",
            "recordRound, roll back",
            "moveToREADY_TO_SWITCH, roll forward")
        .doesNotContain("markTarget, roll forward");
  }

  @Test
  void aSwitchOverThatDiedWaitsForTheNextAndOnlyGoesForwardOnceItIsMade() {
    assertThat(deaths.settleEvery("SwitchOver", this::synchronised, DyingFailbacks::named))
        .contains(
            "claim, roll back",
            "synchronise, roll back",
            "recordRound, roll back",
            "powerOff, roll back",
            "completeSwitch, roll forward",
            "moveToFAILBACK, roll forward")
        .doesNotContain("completeSwitch, roll back", "powerOff, roll forward");
  }

  @Test
  void aCancellationThatDiedIsFinishedAndTakenBackOnlyBeforeAnythingWasPutBack() {
    assertThat(deaths.settleEvery("CancelFailback", this::synchronised, DyingFailbacks::named))
        .contains("claim, roll back", "stopTarget, roll back", "restoreTarget, roll forward")
        .doesNotContain("restoreTarget, roll back", "removeTargetSnapshot, roll back");
  }

  @Test
  void aCommitThatDiedIsFinishedAndTakenBackOnlyWhileItCanBeUndone() {
    assertThat(deaths.settleEvery("CommitFailback", this::failedBack, DyingFailbacks::named))
        .contains(
            "claim, roll back",
            "claim, roll forward",
            "removeTargetSnapshot, roll forward",
            "endFailback, roll forward",
            "moveToREADY, roll forward")
        .doesNotContain("removeTargetSnapshot, roll back", "endFailback, roll back");
  }

  @Test
  void anUndoThatDiedIsFinishedAndTakenBackOnlyBeforeProductionWasPutBack() {
    assertThat(deaths.settleEvery("UndoFailback", this::failedBack, DyingFailbacks::named))
        .contains(
            "claim, roll back",
            "stopTarget, roll back",
            "restoreTarget, roll forward",
            "removeTargetSnapshot, roll forward",
            "revert, roll forward",
            "powerOn, roll forward",
            "endFailback, roll forward",
            "verify, roll forward")
        .doesNotContain("restoreTarget, roll back", "moveToFAILOVER, roll back");
  }

  @Override
  void undo(Replica replica, String how) {
    next("UndoFailback", named(replica), FAILOVER, how);
    assertAsBefore(replica, how);
  }

  @Override
  void goOnCommitted(Replica replica, String how) {
    next("PartialFailover", named(replica), FAILOVER, how);
    assertThat(estate.content(replica)).as(how).isEqualTo("serving");
  }

  @Override
  void assertServes(Replica replica, String how) {
    assertThat(estate.registry.failback(replica.id())).as(how).isEmpty();
    assertThat(estate.recovery.power(replica.recovery())).as(how).isEqualTo(PowerState.ON);
    assertThat(estate.content(replica)).as(how).isEqualTo("serving");
    assertThat(estate.registry.isOnHold(replica.id())).as(how).isTrue();
    assertThat(estate.recovery.snapshots(replica.recovery()))
        .as(how)
        .containsExactly("point-1", "point-2");
    assertThat(points(replica)).as(how).containsExactly("point-1", "point-2");
    assertThat(estate.registry.extendedFor()).as(how).contains(replica.id());
    assertAsBefore(replica, how);
  }

  /** Production is what it was before the failback. */
  private void assertAsBefore(Replica replica, String how) {
    assertThat(estate.atProduction(replica)).as(how).isEqualTo("theirs1");
    assertThat(estate.production.power(replica.production())).as(how).isEqualTo(PowerState.ON);
    assertThat(estate.production.snapshots(replica.production())).as(how).isEmpty();
  }

  @Override
  void assertAwaitsSwitch(Replica replica, String how) {
    Failback open = estate.registry.failback(replica.id()).orElseThrow();
    assertThat(estate.recovery.power(replica.recovery())).as(how).isEqualTo(PowerState.ON);
    assertThat(estate.content(replica)).as(how).isEqualTo("serving");
    assertThat(estate.production.power(replica.production())).as(how).isEqualTo(PowerState.OFF);
    assertThat(estate.production.snapshots(replica.production()))
        .as(how)
        .containsExactly(
            open.targetSnapshot(), Synchronisation.markOf(requireNonNull(open.round())));
    assertThat(estate.recovery.snapshots(replica.recovery()))
        .as(how)
        .containsExactly("point-1", "point-2", requireNonNull(open.round()).snapshot());
    assertThat(estate.registry.extendedFor()).as(how).contains(replica.id());
  }

  @Override
  void assertFailedBack(Replica replica, String how) {
    Failback open = estate.registry.failback(replica.id()).orElseThrow();
    assertThat(estate.recovery.power(replica.recovery())).as(how).isEqualTo(PowerState.OFF);
    assertThat(estate.production.power(replica.production())).as(how).isEqualTo(PowerState.ON);
    assertThat(estate.atProduction(replica)).as(how).isEqualTo(home);
    assertThat(estate.registry.isOnHold(replica.id())).as(how).isTrue();
    assertThat(estate.production.snapshots(replica.production()))
        .as(how)
        .containsExactly(open.targetSnapshot());
    assertThat(estate.recovery.snapshots(replica.recovery()))
        .as(how)
        .containsExactlyElementsOf(points(replica))
        .hasSize(3);
    assertThat(estate.registry.extendedFor()).as(how).doesNotContain(replica.id());
  }

  @Override
  void assertCommitted(Replica replica, String how) {
    assertThat(estate.registry.failback(replica.id())).as(how).isEmpty();
    assertThat(estate.recovery.power(replica.recovery())).as(how).isEqualTo(PowerState.OFF);
    assertThat(estate.atProduction(replica)).as(how).isEqualTo(home);
    assertThat(estate.registry.isOnHold(replica.id())).as(how).isFalse();
    assertThat(estate.production.snapshots(replica.production())).as(how).isEmpty();
    assertThat(estate.recovery.snapshots(replica.recovery()))
        .as(how)
        .containsExactlyElementsOf(points(replica))
        .hasSize(3);
    assertThat(estate.woken).as(how).contains(replica.id());
  }

  private List<String> points(Replica replica) {
    return estate.registry.restorePoints(replica.id()).stream()
        .map(RestorePoint::snapshot)
        .toList();
  }

  /** Its production still runs, at an address of its own. */
  @Override
  Replica failedOver(String name) {
    Replica replica = estate.vm(name);
    writeAtTarget(replica, "theirs1");
    estate.production.address(replica.production(), "10.9.9.9");
    estate.production.power(replica.production(), PowerState.ON);
    next("PartialFailover", named(replica), FAILOVER, "at first");
    estate.write(replica, "serving");
    return replica;
  }

  @Override
  void writeAtTarget(Replica replica, String text) {
    estate.writeAtProduction(replica, text);
  }

  @Override
  String atTarget(Replica replica) {
    return estate.atProduction(replica);
  }

  @Override
  String failback(Replica replica) {
    return named(replica);
  }

  @Override
  String later(Replica replica) {
    return "{\"vms\":[\"%s\"],\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\"}"
        .formatted(replica.name());
  }
}
