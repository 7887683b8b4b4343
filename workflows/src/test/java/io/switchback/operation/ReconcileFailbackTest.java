package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Failback;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.Side;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Failbacks, and what ends them, that die after each of their steps. */
@Tag("long")
class ReconcileFailbackTest {
  @AutoClose private final Estate estate = new Estate();
  private final Deaths deaths = new Deaths(estate, this::assertConsistent);

  /** Ends after which a next operation was tried: the others are held to be the same in all. */
  private final Set<String> tried = new HashSet<>();

  /** What production is to hold where it was not put back. */
  private String home = "serving";

  @BeforeEach
  void extendNetworks() {
    estate.extension.condition(Side.RECOVERY, Condition.UP);
    estate.extension.condition(Side.PRODUCTION, Condition.UP);
  }

  @Test
  void aFailbackThatDiedGoesBackAndAfterTheSwitchEitherWay() {
    assertThat(deaths.settleEvery("Failback", this::failedOver, ReconcileFailbackTest::named))
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
    assertThat(deaths.settleEvery("Failback", this::failedOver, ReconcileFailbackTest::later))
        .contains(
            "snapshotServing, roll back",
            "recordRound, roll forward",
            "recordRound, roll back",
            "moveToREADY_TO_SWITCH, roll forward")
        .doesNotContain("markTarget, roll forward");
  }

  @Test
  void aSwitchOverThatDiedWaitsForTheNextAndOnlyGoesForwardOnceItIsMade() {
    assertThat(deaths.settleEvery("SwitchOver", this::synchronised, ReconcileFailbackTest::named))
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
    assertThat(
            deaths.settleEvery("CancelFailback", this::synchronised, ReconcileFailbackTest::named))
        .contains("claim, roll back", "stopTarget, roll back", "restoreTarget, roll forward")
        .doesNotContain("restoreTarget, roll back", "removeTargetSnapshot, roll back");
  }

  @Test
  void aCommitThatDiedIsFinishedAndTakenBackOnlyWhileItCanBeUndone() {
    home = "newer-1";

    assertThat(deaths.settleEvery("CommitFailback", this::failedBack, ReconcileFailbackTest::named))
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
    home = "newer-1";

    assertThat(deaths.settleEvery("UndoFailback", this::failedBack, ReconcileFailbackTest::named))
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

  private void assertConsistent(String type, Replica replica, String how) {
    assertThat(estate.registry.isClaimed(replica.id())).as(how).isFalse();
    assertThat(estate.registry.admitted("munich", Cap.STARTING)).as(how).isZero();
    ReplicaState state = estate.registry.state(replica.id());
    assertThat(how).as("promised, and is " + state).containsPattern("effect=" + state + "\\b");
    boolean isFirst = tried.add(state + how.substring(how.indexOf("choose")));
    switch (state) {
      case FAILOVER -> {
        assertServes(replica, how);
        if (isFirst) {
          next("Failback", named(replica), FAILBACK, how);
          assertThat(atProduction(replica)).as(how).isEqualTo("serving");
        }
      }
      case READY_TO_SWITCH -> {
        assertAwaitsSwitch(replica, how);
        if (isFirst) {
          write(replica, "switch1");
          next("SwitchOver", named(replica), FAILBACK, how);
          assertThat(atProduction(replica)).as(how).isEqualTo("switch1");
          undo(replica, "switch1", how);
        }
      }
      case FAILBACK -> {
        assertFailedBack(replica, how);
        if (isFirst) {
          undo(replica, "serving", how);
        }
      }
      default -> {
        assertCommitted(replica, how);
        if (isFirst) {
          next("PartialFailover", named(replica), FAILOVER, how);
          assertThat(estate.content(replica)).as(how).isEqualTo("serving");
        }
      }
    }
  }

  private void undo(Replica replica, String content, String how) {
    next("UndoFailback", named(replica), FAILOVER, how);
    assertAsBefore(replica, how);
    assertThat(estate.content(replica)).as(how).isEqualTo(content);
  }

  private void assertServes(Replica replica, String how) {
    assertThat(estate.registry.failback(replica.id())).as(how).isEmpty();
    assertThat(estate.recovery.power(replica.recovery())).as(how).isEqualTo(PowerState.ON);
    assertThat(estate.content(replica)).as(how).isEqualTo("serving");
    assertThat(estate.registry.isOnHold(replica.id())).as(how).isTrue();
    assertThat(estate.recovery.snapshots(replica.recovery()))
        .as(how)
        .containsExactly("point-1", "point-2");
    assertThat(points(replica)).as(how).containsExactly("point-1", "point-2");
    assertThat(estate.extension.counted(Side.RECOVERY)).as(how).contains(replica.id());
    assertAsBefore(replica, how);
  }

  /** Production is what it was before the failback. */
  private void assertAsBefore(Replica replica, String how) {
    assertThat(atProduction(replica)).as(how).isEqualTo("theirs1");
    assertThat(estate.production.power(replica.production())).as(how).isEqualTo(PowerState.ON);
    assertThat(estate.production.snapshots(replica.production())).as(how).isEmpty();
  }

  private void assertAwaitsSwitch(Replica replica, String how) {
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
    assertThat(estate.extension.counted(Side.RECOVERY)).as(how).contains(replica.id());
  }

  private void assertFailedBack(Replica replica, String how) {
    Failback open = estate.registry.failback(replica.id()).orElseThrow();
    assertThat(estate.recovery.power(replica.recovery())).as(how).isEqualTo(PowerState.OFF);
    assertThat(estate.production.power(replica.production())).as(how).isEqualTo(PowerState.ON);
    assertThat(atProduction(replica)).as(how).isEqualTo(home);
    assertThat(estate.registry.isOnHold(replica.id())).as(how).isTrue();
    assertThat(estate.production.snapshots(replica.production()))
        .as(how)
        .containsExactly(open.targetSnapshot());
    assertThat(estate.recovery.snapshots(replica.recovery()))
        .as(how)
        .containsExactlyElementsOf(points(replica))
        .hasSize(3);
    assertThat(estate.extension.counted(Side.RECOVERY)).as(how).doesNotContain(replica.id());
  }

  private void assertCommitted(Replica replica, String how) {
    assertThat(estate.registry.failback(replica.id())).as(how).isEmpty();
    assertThat(estate.recovery.power(replica.recovery())).as(how).isEqualTo(PowerState.OFF);
    assertThat(atProduction(replica)).as(how).isEqualTo(home);
    assertThat(estate.registry.isOnHold(replica.id())).as(how).isFalse();
    assertThat(estate.production.snapshots(replica.production())).as(how).isEmpty();
    assertThat(estate.recovery.snapshots(replica.recovery()))
        .as(how)
        .containsExactlyElementsOf(points(replica))
        .hasSize(3);
    assertThat(estate.woken).as(how).contains(replica.id());
  }

  private void next(String type, String input, ReplicaState state, String how) {
    MemberResult result = estate.run(type, input).members().getFirst();
    assertThat(result.outcome()).as("%s after %s: %s", type, how, result).isEqualTo(Outcome.DONE);
    assertThat(result.state()).as("%s after %s", type, how).isEqualTo(state);
  }

  private List<String> points(Replica replica) {
    return estate.registry.restorePoints(replica.id()).stream()
        .map(RestorePoint::snapshot)
        .toList();
  }

  /** Its production still runs, at an address of its own. */
  private Replica failedOver(String name) {
    Replica replica = estate.vm(name);
    estate.production.write(replica.production(), disk(replica), 0, "theirs1".getBytes(UTF_8));
    estate.production.address(replica.production(), "10.9.9.9");
    estate.production.power(replica.production(), PowerState.ON);
    next("PartialFailover", named(replica), FAILOVER, "at first");
    write(replica, "serving");
    return replica;
  }

  private Replica synchronised(String name) {
    Replica replica = failedOver(name);
    write(replica, "earlier");
    next("Failback", later(replica), READY_TO_SWITCH, "at first");
    write(replica, "serving");
    return replica;
  }

  private Replica failedBack(String name) {
    Replica replica = failedOver(name);
    next("Failback", named(replica), FAILBACK, "at first");
    estate.production.write(replica.production(), disk(replica), 0, "newer-1".getBytes(UTF_8));
    return replica;
  }

  private void write(Replica replica, String text) {
    estate.recovery.write(replica.recovery(), Estate.disk(replica), 0, text.getBytes(UTF_8));
  }

  private String atProduction(Replica replica) {
    return new String(estate.production.read(replica.production(), disk(replica), 0, 7), UTF_8);
  }

  private static String disk(Replica replica) {
    return replica.disks().getFirst().productionDisk();
  }

  private static String named(Replica replica) {
    return "{\"vms\":[\"%s\"]}".formatted(replica.name());
  }

  private static String later(Replica replica) {
    return "{\"vms\":[\"%s\"],\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\"}"
        .formatted(replica.name());
  }
}
