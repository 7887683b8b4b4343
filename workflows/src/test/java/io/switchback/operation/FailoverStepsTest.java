package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.Effect;
import io.switchback.port.FaultScript;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class FailoverStepsTest {
  @AutoClose private final Estate estate = new Estate();

  @Test
  void failsOverInTheOrderOfTheOperatingManual() {
    Replica replica = estate.vm("web-01");

    estate.run(
        "PartialFailover", "{\"vms\":[{\"name\":\"web-01\",\"restorePoint\":\"web-01-0001\"}]}");

    assertThat(steps(replica)).isEqualTo(declared(Operation.PARTIAL_FAILOVER));
    assertThat(estate.recovery.effects())
        .filteredOn(effect -> !effect.operationId().equals("set-up"))
        .extracting(Effect::what)
        .containsExactly("raiseFence", "revertToSnapshot", "powerOn");
    assertThat(estate.registry.effects())
        .extracting(Effect::what)
        .filteredOn(what -> !what.equals("audit") && !what.equals("greeting"))
        .containsExactly("claim", "hold", "admit", "move", "dismiss", "release");
    assertThat(estate.production.effects()).isEmpty();
  }

  @Test
  void undoesInTheOrderOfTheOperatingManual() {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");
    int before = steps(replica).size();

    estate.run("UndoFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(steps(replica).subList(before, steps(replica).size()))
        .isEqualTo(
            declared(Operation.UNDO_FAILOVER).stream()
                .filter(step -> !step.equals(StepKind.POWER_ON_PRODUCTION.id()))
                .toList());
  }

  /** Without those of a window that nobody asks for. */
  private static List<String> declared(Operation operation) {
    return Procedure.of(operation).steps().stream()
        .map(StepKind::id)
        .filter(step -> !step.endsWith("Window"))
        .toList();
  }

  @Test
  void refusesWhatAnotherOperationHoldsAndSaysWho() {
    Replica replica = estate.vm("web-01");
    estate.recovery.script().fail("powerOnVm", "r-web-01", Fault.NO_CAPACITY, 1);
    WorkflowStub holder = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.parked(replica);
    List<Effect> effects = estate.recovery.effects();

    WorkflowStub second = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(catchThrowable(() -> estate.resultBesideParked(second)))
        .rootCause()
        .hasMessageContaining("'web-01' is held by fail over (workflow 'replica/id-web-01'");
    assertThat(estate.recovery.effects()).isEqualTo(effects);
    holder.update("answer", String.class, new Answer("*", null, "abort", "ada", "test"));
    estate.result(holder);
  }

  @Test
  void ofTwoRunsAtOnceOnOneReplicaExactlyOneIsDone() throws Exception {
    Replica replica = estate.vm("web-01");
    CountDownLatch bothResolved = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      estate
          .registry
          .script()
          .after(
              "resolve",
              FaultScript.ANY,
              () -> {
                bothResolved.countDown();
                await(bothResolved);
              });
    }

    WorkflowStub one = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    WorkflowStub other = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    List<OperationResult> results = List.of(estate.result(one), estate.result(other));

    assertThat(results)
        .extracting(OperationResult::outcome)
        .containsExactlyInAnyOrder(Outcome.DONE, Outcome.REFUSED);
    assertThat(results.stream().filter(result -> result.outcome() == Outcome.REFUSED).findFirst())
        .hasValueSatisfying(
            refused ->
                assertThat(refused.members().getFirst().notes())
                    .singleElement()
                    .asString()
                    .matches(".*(another operation holds it|is not allowed: replica of).*"));
    assertThat(estate.registry.effects("claim", replica.id())).isOne();
    assertThat(estate.recovery.effects("powerOn", "r-web-01")).isOne();
  }

  @Test
  void anOverrideInTheInputGoesOnWithoutParkingAndShowsInResultAndAudit() {
    Replica replica = estate.vm("web-01");
    estate.production.power(replica.production(), PowerState.ON);

    OperationResult result =
        estate.run(
            "PartialFailover",
            """
            {"vms": ["web-01"], "by": "ada", "overrides":
              [{"check": "productionStillRuns", "by": "ada", "reason": "demo"}]}
            """);

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.members().getFirst().overrides())
        .singleElement()
        .matches(override -> override.by().equals("ada") && override.reason().equals("demo"));
    assertThat(overridden(replica)).contains("demo").contains("answers to fd00::web-01");
    assertThat(estate.people.notices()).isEmpty();
  }

  @Test
  void productionThatStillAnswersParksUntilSomebodyAcknowledgesWithNameAndReason() {
    Replica replica = estate.vm("web-01");
    estate.production.power(replica.production(), PowerState.ON);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");

    Parked parked = estate.parked(replica);
    assertThat(parked.step()).isEqualTo("productionStillRuns");
    assertThat(parked.answers()).containsExactly("acknowledge", "retry", "abort");
    assertThat(estate.recovery.effects("revertToSnapshot", "r-web-01")).isZero();
    WorkflowStub member = estate.member(replica);
    assertThat(
            catchThrowable(
                () ->
                    member.update(
                        "answer", String.class, new Answer(null, null, "acknowledge", "ada", " "))))
        .rootCause()
        .hasMessageContaining("give your name in 'by' and why in 'reason'");
    member.update("answer", String.class, new Answer(null, null, "acknowledge", "ada", "cut off"));

    OperationResult result = estate.result(run);
    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.members().getFirst().overrides())
        .singleElement()
        .matches(override -> override.reason().equals("cut off"));
    assertThat(overridden(replica)).contains("cut off");
  }

  @Test
  void aCancelRequestIsAnAbort() {
    Replica replica = estate.vm("web-01");
    estate.recovery.script().after("powerOnVm", "r-web-01", () -> estate.member(replica).cancel());

    OperationResult result = estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(result.members().getFirst().notes()).contains("cancelled in Temporal");
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY);
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.OFF);
  }

  @Test
  void aCancelRequestAbortsAParkedMember() {
    Replica replica = estate.vm("web-01");
    estate.recovery.script().fail("powerOnVm", "r-web-01", Fault.NO_CAPACITY, 1);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.parked(replica);

    run.cancel();

    estate.until("released", () -> !estate.registry.isClaimed(replica.id()));
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY);
  }

  @Test
  void aCancelRequestAfterThePointOfNoReturnChangesNothing() {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate
        .recovery
        .script()
        .after("revertToSnapshot", "r-web-01", () -> estate.member(replica).cancel());

    OperationResult result = estate.run("UndoFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY);
  }

  @Test
  void aGuestThatDoesNotGetReadyLeavesTheVmInFailoverNotVerifiedAndMakesRoom() {
    Replica replica = estate.vm("web-01");
    estate.recovery.guestNeverReady(replica.recovery());

    MemberResult result = estate.runOne("PartialFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(result.verified()).isFalse();
    assertThat(result.rto()).isNull();
    assertThat(result.notes())
        .containsExactly("not verified: The guest's tools did not answer within PT5M.");
    assertThat(estate.registry.admitted("munich", Cap.STARTING)).isZero();
    assertThat(estate.people.notices()).isEmpty();
  }

  @Test
  void goesOnWhenProductionCannotBeReachedAndSaysSo() {
    Replica replica = estate.vm("web-01");
    estate.production.reachable(false);

    OperationResult result = estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.notes()).singleElement().asString().contains("site 'berlin'");
    assertThat(result.members().getFirst().notes())
        .singleElement()
        .asString()
        .startsWith("production could not be asked whether it still runs: Could not reach");
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
  }

  @Test
  void aRegistryThatCannotTakeTheAuditDelaysItAndLosesNothing() {
    Replica replica = estate.vm("web-01");
    estate.registry.script().fail("recordAudit", FaultScript.ANY, Fault.REGISTRY_UNAVAILABLE, 20);

    OperationResult result = estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(steps(replica))
        .startsWith("claim", "hold")
        .endsWith("verify", "release")
        .hasSize(12);
  }

  @Test
  void aStepWhoseAnswerWasLostIsNotDoneTwice() {
    Replica replica = estate.vm("web-01");
    estate.recovery.script().loseAnswer("powerOnVm", "r-web-01", 1);
    estate.recovery.script().loseAnswer("revertToSnapshot", "r-web-01", 1);
    estate.registry.script().loseAnswer("claimReplica", replica.id(), 1);
    estate.registry.script().loseAnswer("moveReplica", replica.id(), 1);
    estate.registry.script().loseAnswer("releaseReplica", replica.id(), 1);

    assertThat(estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}").outcome())
        .isEqualTo(Outcome.DONE);
    assertThat(estate.recovery.effects("powerOn", "r-web-01")).isOne();
    assertThat(estate.recovery.effects("revertToSnapshot", "r-web-01")).isLessThanOrEqualTo(1);
    assertThat(estate.registry.effects("claim", replica.id())).isOne();
    assertThat(estate.registry.effects("move", replica.id())).isOne();
    assertThat(estate.registry.effects("release", replica.id())).isOne();
  }

  @Test
  void aReleaseThatFailsForGoodDoesNotUndoWhatIsDone() {
    Replica replica = estate.vm("web-01");
    estate.registry.script().loseAnswer("releaseReplica", replica.id(), 2);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(estate.parked(replica).answers()).containsExactly("retry", "reconcile");
    estate.answer(replica, "retry");

    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
  }

  @Test
  void aMemberGoesOnWhenTheRunOverAllIsGone() {
    Replica replica = estate.vm("web-01");
    estate
        .recovery
        .script()
        .before(
            "powerOnVm",
            "r-web-01",
            () -> estate.client().newUntypedWorkflowStub("PartialFailover/1").terminate("by hand"));

    estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.until("started", () -> estate.recovery.power(replica.recovery()) == PowerState.ON);

    assertThat(estate.result(estate.member(replica), MemberResult.class).outcome())
        .isEqualTo(Outcome.DONE);
  }

  @Test
  void replaysWithoutAWordWhenTheWorkerKeepsNothingInMemory() {
    try (Estate forgetful = new Estate(0, "berlin", "munich")) {
      Replica replica = forgetful.vm("web-01");
      forgetful.recovery.script().fail("powerOnVm", "r-web-01", Fault.NO_CAPACITY, 1);
      WorkflowStub run = forgetful.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
      forgetful.parked(replica);
      run.update("answer", String.class, new Answer("*", null, "retry", null, null));

      assertThat(forgetful.result(run).outcome()).isEqualTo(Outcome.DONE);
      assertThat(forgetful.run("UndoFailover", "{\"vms\":[\"web-01\"]}").outcome())
          .isEqualTo(Outcome.DONE);
    }
  }

  /** The steps that came to an end, in the order of the audit. */
  private List<String> steps(Replica replica) {
    return estate.registry.audit().stream()
        .filter(entry -> entry.replicaId().equals(replica.id()))
        .map(AuditEntry::step)
        .toList();
  }

  private String overridden(Replica replica) {
    return estate.registry.audit().stream()
        .filter(entry -> entry.replicaId().equals(replica.id()))
        .filter(entry -> entry.outcome().equals("OVERRIDDEN"))
        .map(AuditEntry::detail)
        .reduce("", String::concat);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
