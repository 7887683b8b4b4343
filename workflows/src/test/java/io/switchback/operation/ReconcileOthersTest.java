package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ends of protection and changes of networks that die after each of their steps. */
@Tag("long")
class ReconcileOthersTest {
  @AutoClose private final Estate estate = new Estate();
  private final Deaths deaths = new Deaths(estate, this::assertConsistent);
  private ReplicaState before = READY;

  @BeforeEach
  void extendNetworks() {
    estate.extendNetworks();
  }

  @Test
  void anUnprotectionThatDiedGoesBackUntilSomethingIsRemovedAndOnlyForwardThen() {
    assertThat(deaths.settleEvery("Unprotect", this::protectedVm, input("remove")))
        .contains(
            "claim, roll back",
            "hold, roll back",
            "stopCycle, roll back",
            "dispose, roll forward",
            "removeSheet, roll forward",
            "tidyProduction, roll forward")
        .doesNotContain("dispose, roll back", "claim, roll forward");
  }

  @Test
  void anUnprotectionThatWasToKeepTheVmLeavesItToTheSite() {
    assertThat(deaths.settleEvery("Unprotect", this::protectedVm, input("keep")))
        .contains("stopCycle, roll back", "dispose, roll forward")
        .doesNotContain("dispose, roll back");
  }

  @Test
  void anUnprotectionThatDiedWhileTheReplicaServesLeavesItServing() {
    before = FAILOVER;

    assertThat(
            deaths.settleEvery(
                "Unprotect",
                this::serving,
                replica ->
                    "{\"vms\":[\"%1$s\"],\"replica\":\"remove\",\"confirm\":[\"%1$s\"]}"
                        .formatted(replica.name())))
        .contains(
            "stopCycle, roll back",
            "powerOff, roll back",
            "leaveExtension, roll back",
            "dispose, roll forward")
        .doesNotContain("dispose, roll back");
  }

  @Test
  void aServingReplicaThatWasPoweredOffToBeRemovedIsPoweredOnAgain() {
    before = FAILOVER;
    Replica replica = serving("web-01");
    estate
        .recovery
        .script()
        .after("powerOffVm", "*", () -> estate.member(replica).terminate("test"));
    assertThat(
            deaths.diesIn(
                "Unprotect",
                "{\"vms\":[\"web-01\"],\"replica\":\"remove\",\"confirm\":[\"web-01\"]}",
                replica))
        .isTrue();

    List<Way> ways = requireNonNull(deaths.reconcile(replica, "").reconciliation()).ways();
    assertThat(ways).singleElement().extracting(Way::effect).asString().contains("powers it on");
    assertThat(deaths.reconcile(replica, Way.ROLL_BACK).outcome()).isEqualTo(Outcome.DONE);

    assertConsistent("Unprotect", replica, "powered on again");
  }

  @Test
  void anIsolationThatDiedIsFinishedTakenBackOrLeft() {
    assertThat(deaths.settleEvery("Isolate", this::runningByHand, this::named))
        .contains(
            "claim, roll forward",
            "claim, adopt",
            "isolate, roll back",
            "isolate, roll forward",
            "isolate, adopt");
  }

  @Test
  void anIsolationOfTheOtherVmThatDiedIsFinishedOnThatVm() {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", named(replica));
    estate
        .registry
        .script()
        .after("claimReplica", "*", () -> estate.member(replica).terminate("test"));
    assertThat(deaths.diesIn("Isolate", "{\"vms\":[\"web-01\"],\"side\":\"recovery\"}", replica))
        .isTrue();
    estate.registry.script().forget();

    deaths.reconcile(replica, "roll forward");

    assertThat(estate.recovery.effects("isolateVm", replica.recovery().id())).isEqualTo(1);
    assertThat(estate.production.effects("isolateVm", replica.production().id())).isZero();
  }

  @Test
  void aReconnectionThatDiedIsFinishedOrLeft() {
    assertThat(
            deaths.settleEvery(
                "Reconnect",
                name -> {
                  Replica replica = runningByHand(name);
                  estate.run("Isolate", named(replica));
                  return replica;
                },
                this::named))
        .contains("claim, roll forward", "claim, adopt", "reconnect, roll forward");
  }

  @Test
  void aReconfigurationThatDiedHoldsNothingAndIsStartedAgain() {
    Replica replica = estate.vm("web-01");
    String input = "{\"vms\":[\"web-01\"],\"policy\":{\"name\":\"fast\",\"interval\":\"PT1M\"}}";
    estate
        .registry
        .script()
        .after("reconfigureReplica", "*", () -> estate.member(replica).terminate("test"));
    assertThat(deaths.diesIn("Reconfigure", input, replica)).isTrue();
    estate.registry.script().forget();

    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    assertThat(requireNonNull(deaths.reconcile(replica, "").reconciliation()).ways()).isEmpty();
    assertThat(estate.run("Reconfigure", input).outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void aProtectionThatDiedAfterAnyStepIsFinishedByTheNext() {
    int died = 0;
    while (protectionDiesAfter(died, "vm-" + died)) {
      OperationResult again = estate.run("Protect", protect("vm-" + died));

      assertThat(again.outcome()).as("died after %d: %s", died, again).isEqualTo(Outcome.DONE);
      assertThat(estate.protection.reservations()).isZero();
      String replica = again.members().getFirst().replicaId();
      assertThat(estate.recovery.vms())
          .filteredOn(vm -> estate.recovery.managedBy(vm).equals(replica))
          .as("one VM, although two runs have placed it")
          .hasSize(1);
      assertThat(estate.woken).contains(replica);
      died++;
    }
    assertThat(died).as("deaths that were tried").isEqualTo(5);
  }

  private boolean protectionDiesAfter(int steps, String vm) {
    estate.production.addVm("p-" + vm, vm, 1);
    WorkflowStub member = estate.client().newUntypedWorkflowStub("protect/berlin/p-" + vm);
    estate.registry.script().afterLater("recordAudit", "*", steps, () -> member.terminate("test"));
    WorkflowStub run = estate.start("Protect", protect(vm));
    estate.until("the member is over", () -> isOver(member));
    estate.registry.script().forget();
    boolean died =
        member.describe().getStatus()
            == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED;
    if (died) {
      run.terminate("its member was terminated");
    }
    return died;
  }

  private static boolean isOver(WorkflowStub run) {
    try {
      return run.describe().getStatus()
          != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
    } catch (WorkflowNotFoundException notYet) {
      return false;
    }
  }

  private static String protect(String vm) {
    return "{\"vms\":[\"%s\"],\"from\":\"berlin\",\"to\":\"munich\"}".formatted(vm);
  }

  @Test
  void aFailoverThatDiedAndWhoseVmIsGoneIsGivenUpSoThatItCanBeUnprotected() {
    Replica replica = estate.vm("web-01");
    estate
        .recovery
        .script()
        .after("revertToSnapshot", "*", () -> estate.member(replica).terminate("test"));
    assertThat(deaths.diesIn("PartialFailover", named(replica), replica)).isTrue();
    estate.recovery.deleteVm(replica.recovery());

    Reconciliation seen = requireNonNull(deaths.reconcile(replica, "").reconciliation());
    assertThat(seen.hypervisor()).contains("gone from its site");
    assertThat(seen.ways()).singleElement().extracting(Way::effect).asString().contains("READY");
    assertThat(deaths.reconcile(replica, Way.ROLL_BACK).outcome()).isEqualTo(Outcome.DONE);

    assertThat(estate.run("Unprotect", "{\"vms\":[\"web-01\"],\"replica\":\"remove\"}").outcome())
        .isEqualTo(Outcome.DONE);
  }

  private void assertConsistent(String type, Replica replica, String how) {
    if (type.equals("Unprotect") && how.contains("roll forward")) {
      assertThat(estate.registry.isProtected(replica.id())).as(how).isFalse();
      assertThat(estate.recovery.sheets()).as(how).doesNotContainKey(replica.id());
      assertThat(estate.recovery.vms().stream().filter(vm -> vm.equals(replica.recovery())))
          .as(how)
          .allSatisfy(kept -> assertThat(estate.recovery.managedBy(kept)).isEmpty());
      return;
    }
    assertThat(estate.registry.isClaimed(replica.id())).as(how).isFalse();
    assertThat(estate.registry.state(replica.id())).as(how).isEqualTo(before);
    assertThat(estate.registry.isOnHold(replica.id())).as(how).isEqualTo(before == FAILOVER);
    if (type.equals("Unprotect")) {
      assertThat(estate.recovery.managedBy(replica.recovery())).as(how).isEqualTo(replica.id());
      assertThat(estate.recovery.power(replica.recovery()))
          .as(how)
          .isEqualTo(before == FAILOVER ? PowerState.ON : PowerState.OFF);
    }
    if (how.contains("roll")) {
      boolean unplugged = type.equals("Isolate") && how.contains("roll forward");
      assertThat(estate.recovery.isConnected(replica.recovery())).as(how).isEqualTo(!unplugged);
    }
  }

  private Replica protectedVm(String name) {
    Replica replica = estate.vm(name);
    estate.recovery.mark(replica.recovery(), replica.id());
    estate.recovery.sheets().put(replica.id(), "how to start " + name);
    return replica;
  }

  private Replica serving(String name) {
    Replica replica = protectedVm(name);
    estate.run("PartialFailover", named(replica));
    return replica;
  }

  private Replica runningByHand(String name) {
    Replica replica = estate.vm(name);
    estate.recovery.power(replica.recovery(), PowerState.ON);
    return replica;
  }

  private static Function<Replica, String> input(String becomes) {
    return replica -> "{\"vms\":[\"%s\"],\"replica\":\"%s\"}".formatted(replica.name(), becomes);
  }

  private String named(Replica replica) {
    return "{\"vms\":[\"%s\"]}".formatted(replica.name());
  }
}
