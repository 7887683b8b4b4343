package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.Failback;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Failbacks to a new location, and what ends them, that die after each of their steps. Production
 * is lost, and what is made for it has its name.
 */
@Tag("long")
class ReconcileNewLocationTest extends DyingFailbacks {
  @Test
  void aFailbackThatDiedLeavesNothingBehindAndAfterTheSwitchGoesEitherWay() {
    assertThat(deaths.settleEvery("Failback", this::failedOver, this::failback))
        .contains(
            "claim, roll back",
            "beginFailback, roll back",
            "placeTarget, roll back",
            "nameTarget, roll back",
            "synchronise, roll back",
            "recordRound, roll back",
            "protectReplica, roll back",
            "completeSwitch, roll forward",
            "completeSwitch, roll back",
            "powerOnTarget, roll forward")
        .doesNotContain("powerOff, roll forward", "markTarget, roll forward");
  }

  @Test
  void aFailbackForLaterThatDiedGoesBackAndOnceItsRoundIsRecordedEitherWay() {
    assertThat(deaths.settleEvery("Failback", this::failedOver, this::later))
        .contains("placeTarget, roll back", "recordRound, roll forward", "recordRound, roll back")
        .doesNotContain("markTarget, roll forward");
  }

  @Test
  void aSwitchOverThatDiedWaitsForTheNextAndOnlyGoesForwardOnceItIsMade() {
    assertThat(deaths.settleEvery("SwitchOver", this::synchronised, DyingFailbacks::named))
        .contains("synchronise, roll back", "completeSwitch, roll forward")
        .doesNotContain("completeSwitch, roll back");
  }

  @Test
  void aCancellationThatDiedIsFinishedAndTakenBackOnlyWhileTheVmIsThere() {
    assertThat(deaths.settleEvery("CancelFailback", this::synchronised, DyingFailbacks::named))
        .contains("claim, roll back", "stopTarget, roll back", "removeTarget, roll forward")
        .doesNotContain("removeTarget, roll back");
  }

  @Test
  void aCommitThatDiedIsFinishedAndTakenBackOnlyWhileTheVmIsMarked() {
    assertThat(deaths.settleEvery("CommitFailback", this::failedBack, DyingFailbacks::named))
        .contains("claim, roll back", "leaveTarget, roll forward", "endFailback, roll forward")
        .doesNotContain("leaveTarget, roll back", "endFailback, roll back");
  }

  @Test
  void anUndoThatDiedIsFinishedAndKeepsTheVm() {
    assertThat(deaths.settleEvery("UndoFailback", this::failedBack, DyingFailbacks::named))
        .contains(
            "claim, roll back",
            "stopTarget, roll back",
            "stopTarget, roll forward",
            "powerOn, roll forward",
            "leaveTarget, roll forward",
            "endFailback, roll forward")
        .doesNotContain("moveToFAILOVER, roll back");
  }

  @Test
  void anUndoThatRemovesTheVmAndDiedIsFinishedHoweverFarItWas() {
    assertThat(
            deaths.settleEvery("UndoFailback", this::failedBack, ReconcileNewLocationTest::removed))
        .contains(
            "stopTarget, roll back", "removeTarget, roll forward", "endFailback, roll forward")
        .doesNotContain("removeTarget, roll back");
  }

  @Override
  void undo(Replica replica, String how) {
    next("UndoFailback", removed(replica), FAILOVER, how);
    assertThat(found(replica)).as(how).isEmpty();
  }

  @Override
  void makeWay(Replica replica) {
    found(replica).ifPresent(estate.production::deleteVm);
  }

  /** What has served stays, and is anybody's; what has not is gone. */
  @Override
  void assertServes(Replica replica, String how) {
    assertThat(estate.registry.failback(replica.id())).as(how).isEmpty();
    assertThat(estate.recovery.power(replica.recovery())).as(how).isEqualTo(PowerState.ON);
    assertThat(estate.content(replica)).as(how).isEqualTo("serving");
    assertThat(estate.recovery.snapshots(replica.recovery()))
        .as(how)
        .containsExactly("point-1", "point-2");
    assertThat(estate.registry.production(replica.id())).as(how).isEqualTo(replica.production());
    Optional<VmRef> left = found(replica);
    // Where the registry knows of no failback any more, its end has taken the VM away or left it.
    if (!how.contains("nothing of the failback is left")) {
      assertThat(left.isPresent()).as(how).isEqualTo(how.contains("stays with all that it holds"));
    }
    left.ifPresent(
        vm -> {
          assertThat(atTarget(replica)).as(how).isEqualTo(home);
          assertThat(estate.production.power(vm)).as(how).isEqualTo(PowerState.OFF);
          assertThat(estate.production.managedBy(vm)).as(how).isEmpty();
          assertThat(estate.production.snapshots(vm)).as(how).isEmpty();
        });
  }

  @Override
  void assertAwaitsSwitch(Replica replica, String how) {
    Failback open = estate.registry.failback(replica.id()).orElseThrow();
    VmRef vm = found(replica).orElseThrow();
    assertThat(estate.recovery.power(replica.recovery())).as(how).isEqualTo(PowerState.ON);
    assertThat(estate.production.power(vm)).as(how).isEqualTo(PowerState.OFF);
    assertThat(estate.production.managedBy(vm)).as(how).isEqualTo(open.targetSnapshot());
    assertThat(estate.production.snapshots(vm))
        .as(how)
        .containsExactly(Synchronisation.markOf(requireNonNull(open.round())));
  }

  @Override
  void assertFailedBack(Replica replica, String how) {
    VmRef vm = found(replica).orElseThrow();
    assertThat(estate.recovery.power(replica.recovery())).as(how).isEqualTo(PowerState.OFF);
    assertThat(estate.production.power(vm)).as(how).isEqualTo(PowerState.ON);
    assertThat(atTarget(replica)).as(how).isEqualTo(home);
    assertThat(estate.production.managedBy(vm)).as(how).isNotEmpty();
    assertThat(estate.production.snapshots(vm)).as(how).isEmpty();
  }

  @Override
  void assertCommitted(Replica replica, String how) {
    VmRef vm = found(replica).orElseThrow();
    assertThat(estate.registry.failback(replica.id())).as(how).isEmpty();
    assertThat(estate.production.managedBy(vm)).as(how).isEmpty();
    assertThat(estate.production.snapshots(vm)).as(how).isEmpty();
    assertThat(estate.registry.production(replica.id())).as(how).isEqualTo(vm);
    assertThat(atTarget(replica)).as(how).isEqualTo(home);
  }

  @Override
  Replica failedOver(String name) {
    Replica replica = estate.vm(name);
    next("PartialFailover", named(replica), FAILOVER, "at first");
    estate.write(replica, "serving");
    estate.production.deleteVm(replica.production());
    return replica;
  }

  @Override
  void writeAtTarget(Replica replica, String text) {
    VmRef vm = found(replica).orElseThrow();
    estate.production.write(vm, disk(vm), 0, text.getBytes(UTF_8));
  }

  /** The VM that was made for it, as far as it is there. */
  private Optional<VmRef> found(Replica replica) {
    List<VmRef> all =
        estate.production.vms().stream().filter(vm -> vm.name().equals(replica.name())).toList();
    assertThat(all).as("one VM, not two").hasSizeLessThanOrEqualTo(1);
    return all.stream().findFirst();
  }

  @Override
  String atTarget(Replica replica) {
    VmRef vm = found(replica).orElseThrow();
    return new String(estate.production.read(vm, disk(vm), 0, 7), UTF_8);
  }

  private String disk(VmRef vm) {
    return estate.production.disks(vm).getFirst();
  }

  private static String removed(Replica replica) {
    return "{\"vms\":[\"%s\"],\"removeVm\":true}".formatted(replica.name());
  }

  @Override
  String failback(Replica replica) {
    return "{\"vms\":[\"%s\"],\"location\":{}}".formatted(replica.name());
  }

  @Override
  String later(Replica replica) {
    return "{\"vms\":[\"%s\"],\"location\":{},\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\"}"
        .formatted(replica.name());
  }
}
