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
import io.switchback.model.VmRef;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Failbacks to a new location, and what ends them, that die after each of their steps. Production
 * is lost, and what is made for it has its name.
 */
@Tag("long")
class ReconcileNewLocationTest {
  @AutoClose private final Estate estate = new Estate();
  private final Deaths deaths = new Deaths(estate, this::assertConsistent);

  /** Ends after which a next operation was tried: the others are held to be the same in all. */
  private final Set<String> tried = new HashSet<>();

  /** What the VM that was made is to hold. */
  private String home = "serving";

  @Test
  void aFailbackThatDiedLeavesNothingBehindAndAfterTheSwitchGoesEitherWay() {
    assertThat(deaths.settleEvery("Failback", this::failedOver, ReconcileNewLocationTest::away))
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
    assertThat(deaths.settleEvery("Failback", this::failedOver, ReconcileNewLocationTest::later))
        .contains("placeTarget, roll back", "recordRound, roll forward", "recordRound, roll back")
        .doesNotContain("markTarget, roll forward");
  }

  @Test
  void aSwitchOverThatDiedWaitsForTheNextAndOnlyGoesForwardOnceItIsMade() {
    assertThat(
            deaths.settleEvery("SwitchOver", this::synchronised, ReconcileNewLocationTest::named))
        .contains("synchronise, roll back", "completeSwitch, roll forward")
        .doesNotContain("completeSwitch, roll back");
  }

  @Test
  void aCancellationThatDiedIsFinishedAndTakenBackOnlyWhileTheVmIsThere() {
    assertThat(
            deaths.settleEvery(
                "CancelFailback", this::synchronised, ReconcileNewLocationTest::named))
        .contains("claim, roll back", "stopTarget, roll back", "removeTarget, roll forward")
        .doesNotContain("removeTarget, roll back");
  }

  @Test
  void aCommitThatDiedIsFinishedAndTakenBackOnlyWhileTheVmIsMarked() {
    assertThat(
            deaths.settleEvery("CommitFailback", this::failedBack, ReconcileNewLocationTest::named))
        .contains("claim, roll back", "leaveTarget, roll forward", "endFailback, roll forward")
        .doesNotContain("leaveTarget, roll back", "endFailback, roll back");
  }

  @Test
  void anUndoThatDiedIsFinishedAndKeepsTheVm() {
    assertThat(
            deaths.settleEvery("UndoFailback", this::failedBack, ReconcileNewLocationTest::named))
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

  private void assertConsistent(String type, Replica replica, String how) {
    assertThat(estate.registry.isClaimed(replica.id())).as(how).isFalse();
    ReplicaState state = estate.registry.state(replica.id());
    assertThat(how).as("promised, and is " + state).containsPattern("effect=" + state + "\\b");
    boolean isFirst = tried.add(state + how.substring(how.indexOf("choose")));
    switch (state) {
      case FAILOVER -> {
        assertServes(replica, how);
        if (isFirst) {
          found(replica).ifPresent(estate.production::deleteVm);
          next("Failback", away(replica), FAILBACK, how);
          assertThat(content(replica)).as(how).isEqualTo("serving");
        }
      }
      case READY_TO_SWITCH -> {
        assertAwaitsSwitch(replica, how);
        if (isFirst) {
          write(replica, "switch1");
          next("SwitchOver", named(replica), FAILBACK, how);
          assertThat(content(replica)).as(how).isEqualTo("switch1");
        }
      }
      case FAILBACK -> {
        assertFailedBack(replica, how);
        if (isFirst) {
          next("UndoFailback", removed(replica), FAILOVER, how);
          assertThat(found(replica)).as(how).isEmpty();
          assertThat(estate.content(replica)).as(how).isEqualTo("serving");
        }
      }
      default -> assertCommitted(replica, how);
    }
  }

  /** What has served stays, and is anybody's; what has not is gone. */
  private void assertServes(Replica replica, String how) {
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
          assertThat(content(replica)).as(how).isEqualTo(home);
          assertThat(estate.production.power(vm)).as(how).isEqualTo(PowerState.OFF);
          assertThat(estate.production.managedBy(vm)).as(how).isEmpty();
          assertThat(estate.production.snapshots(vm)).as(how).isEmpty();
        });
  }

  private void assertAwaitsSwitch(Replica replica, String how) {
    Failback open = estate.registry.failback(replica.id()).orElseThrow();
    VmRef vm = found(replica).orElseThrow();
    assertThat(estate.recovery.power(replica.recovery())).as(how).isEqualTo(PowerState.ON);
    assertThat(estate.production.power(vm)).as(how).isEqualTo(PowerState.OFF);
    assertThat(estate.production.managedBy(vm)).as(how).isEqualTo(open.targetSnapshot());
    assertThat(estate.production.snapshots(vm))
        .as(how)
        .containsExactly(Synchronisation.markOf(requireNonNull(open.round())));
  }

  private void assertFailedBack(Replica replica, String how) {
    VmRef vm = found(replica).orElseThrow();
    assertThat(estate.recovery.power(replica.recovery())).as(how).isEqualTo(PowerState.OFF);
    assertThat(estate.production.power(vm)).as(how).isEqualTo(PowerState.ON);
    assertThat(content(replica)).as(how).isEqualTo(home);
    assertThat(estate.production.managedBy(vm)).as(how).isNotEmpty();
    assertThat(estate.production.snapshots(vm)).as(how).isEmpty();
  }

  private void assertCommitted(Replica replica, String how) {
    VmRef vm = found(replica).orElseThrow();
    assertThat(estate.registry.failback(replica.id())).as(how).isEmpty();
    assertThat(estate.production.managedBy(vm)).as(how).isEmpty();
    assertThat(estate.production.snapshots(vm)).as(how).isEmpty();
    assertThat(estate.registry.production(replica.id())).as(how).isEqualTo(vm);
    assertThat(content(replica)).as(how).isEqualTo(home);
  }

  private void next(String type, String input, ReplicaState state, String how) {
    MemberResult result = estate.run(type, input).members().getFirst();
    assertThat(result.outcome()).as("%s after %s: %s", type, how, result).isEqualTo(Outcome.DONE);
    assertThat(result.state()).as("%s after %s", type, how).isEqualTo(state);
  }

  private Replica failedOver(String name) {
    Replica replica = estate.vm(name);
    next("PartialFailover", named(replica), FAILOVER, "at first");
    write(replica, "serving");
    estate.production.deleteVm(replica.production());
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
    home = "newer-1";
    Replica replica = failedOver(name);
    next("Failback", away(replica), FAILBACK, "at first");
    VmRef vm = found(replica).orElseThrow();
    estate.production.write(vm, disk(vm), 0, home.getBytes(UTF_8));
    return replica;
  }

  private void write(Replica replica, String text) {
    estate.recovery.write(replica.recovery(), Estate.disk(replica), 0, text.getBytes(UTF_8));
  }

  /** The VM that was made for it, as far as it is there. */
  private Optional<VmRef> found(Replica replica) {
    List<VmRef> all =
        estate.production.vms().stream().filter(vm -> vm.name().equals(replica.name())).toList();
    assertThat(all).as("one VM, not two").hasSizeLessThanOrEqualTo(1);
    return all.stream().findFirst();
  }

  private String content(Replica replica) {
    VmRef vm = found(replica).orElseThrow();
    return new String(estate.production.read(vm, disk(vm), 0, 7), UTF_8);
  }

  private String disk(VmRef vm) {
    return estate.production.disks(vm).getFirst();
  }

  private static String named(Replica replica) {
    return "{\"vms\":[\"%s\"]}".formatted(replica.name());
  }

  private static String removed(Replica replica) {
    return "{\"vms\":[\"%s\"],\"removeVm\":true}".formatted(replica.name());
  }

  private static String away(Replica replica) {
    return "{\"vms\":[\"%s\"],\"location\":{}}".formatted(replica.name());
  }

  private static String later(Replica replica) {
    return "{\"vms\":[\"%s\"],\"location\":{},\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\"}"
        .formatted(replica.name());
  }
}
