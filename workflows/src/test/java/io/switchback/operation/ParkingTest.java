package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.switchback.fault.Fault;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.Effect;
import io.switchback.port.NotifyActivities.Notice;
import io.temporal.client.WorkflowStub;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ParkingTest {
  @AutoClose private final Estate estate = new Estate();

  @Test
  void aMemberParksWhenItsStepFailsForGoodAndTheOthersGoOn() {
    Replica parked = estate.vm("web-01");
    Replica other = estate.vm("db-01");
    estate.recovery.script().fail("powerOnVm", "r-web-01", Fault.NO_CAPACITY, 1);

    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\",\"db-01\"]}");
    Parked waiting = estate.parked(parked);
    estate.until("the other", () -> estate.registry.state(other.id()) == FAILOVER);

    assertThat(waiting.step()).isEqualTo("powerOn");
    assertThat(waiting.fault()).isEqualTo(Fault.NO_CAPACITY);
    assertThat(waiting.answers()).containsExactly("retry", "abort");
    estate.until("people are called", () -> !estate.people.notices().isEmpty());
    Notice notice = estate.people.notices().getFirst();
    assertThat(notice.vm()).isEqualTo("web-01");
    assertThat(notice.workflowId()).isEqualTo("replica/id-web-01");
    assertThat(notice.answers())
        .containsExactly(
            "{\"vm\":\"web-01\",\"step\":\"powerOn\",\"answer\":\"retry\"}",
            "{\"vm\":\"web-01\",\"step\":\"powerOn\",\"answer\":\"abort\"}");
    for (WorkflowStub shown : List.of(estate.member(parked), run)) {
      estate.until("shown as parked", () -> Boolean.TRUE.equals(attribute(shown)));
      assertThat(Estate.details(shown))
          .contains("**web-01 waits for you** at powerOn: Could not do 'powerOnVm'")
          .contains("```\n" + notice.answers().getFirst() + "\n```")
          .satisfies(
              text -> assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(4096));
    }

    run.update("answer", String.class, answer("web-01", "powerOn", "retry"));

    OperationResult result = estate.result(run);
    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(attribute(run)).isFalse();
    assertThat(attribute(estate.member(parked))).isFalse();
    assertThat(estate.recovery.effects("powerOn", "r-web-01")).isOne();
    assertThat(stepNumbers(parked, "powerOn")).hasSize(2).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void parksWhenTheRegistryIsAwayWhileItWaitsForRoomToStart() {
    estate.registry.cap("munich", Cap.STARTING, 0);
    Replica replica = estate.vm("web-01");
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.until("waits for room", () -> estate.registry.script().calls("admit", "munich") > 2);
    estate.registry.script().fail("admit", "munich", Fault.REGISTRY_UNAVAILABLE, 2);

    Parked waiting = estate.parked(replica);

    assertThat(waiting.step()).isEqualTo("powerOn");
    assertThat(waiting.fault()).isEqualTo(Fault.REGISTRY_UNAVAILABLE);
    assertThat(waiting.answers()).containsExactly("retry", "abort");
    estate.registry.cap("munich", Cap.STARTING, 1);
    estate.member(replica).update("answer", String.class, answer(null, null, "retry"));
    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void bearsShortOutagesOfTheRegistryWhileItWaitsForRoomToStart() {
    estate.registry.cap("munich", Cap.STARTING, 0);
    estate.vm("web-01");
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    for (int outage = 1; outage <= 3; outage++) {
      long asked = estate.registry.script().calls("admit", "munich");
      estate.registry.script().fail("admit", "munich", Fault.REGISTRY_UNAVAILABLE, 1);
      estate.until(
          "waits again", () -> estate.registry.script().calls("admit", "munich") > asked + 3);
    }

    estate.registry.cap("munich", Cap.STARTING, 1);

    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.people.notices()).isEmpty();
  }

  @Test
  void refusesAnswersThatDoNotFitInASentence() {
    Replica replica = estate.vm("web-01");
    estate.recovery.script().fail("powerOnVm", "r-web-01", Fault.NO_CAPACITY, 1);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.parked(replica);
    estate.until("told", () -> Boolean.TRUE.equals(attribute(run)));

    for (WorkflowStub asked : List.of(run, estate.member(replica))) {
      assertThat(refusal(asked, answer("web-01", "powerOn", "skip")))
          .contains(
              "'skip' is no answer to 'web-01' at step 'powerOn'. Allowed now: {\"vm\":\"web-01\"");
      assertThat(refusal(asked, answer("web-01", "powerOn", "acknowledge")))
          .contains("'acknowledge' is no answer");
      assertThat(refusal(asked, answer("web-01", "powerOn", null))).contains("'null' is no answer");
      assertThat(refusal(asked, null)).contains("An answer is a record like");
    }
    assertThat(refusal(run, answer("*", "revert", "retry")))
        .contains("No VM '*' is parked at step 'revert'. Parked now: 'web-01' at step 'powerOn'.");
    assertThat(refusal(run, answer("db-01", null, "retry"))).contains("No VM 'db-01' is parked.");
    assertThat(refusal(estate.member(replica), answer("web-01", "revert", "retry")))
        .contains("'web-01' is parked at step 'powerOn', not at 'revert'.");
    assertThat(refusal(estate.member(replica), answer("db-01", null, "retry")))
        .contains("This run is about 'web-01', not about 'db-01'.");

    estate.member(replica).update("answer", String.class, answer(null, null, "retry"));
    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void saysThatNobodyIsParkedWhenNobodyIs() {
    Replica replica = estate.vm("web-01");
    AtomicReference<@Nullable String> said = new AtomicReference<>();
    AtomicReference<@Nullable String> saidOverAll = new AtomicReference<>();
    estate
        .recovery
        .script()
        .before(
            "powerOnVm",
            "r-web-01",
            () -> {
              said.set(refusal(estate.member(replica), answer("web-01", null, "retry")));
              saidOverAll.set(
                  refusal(
                      estate.client().newUntypedWorkflowStub("PartialFailover/1"),
                      answer("*", null, "retry")));
            });

    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(said.get()).contains("'web-01' is not parked: there is nothing to answer now.");
    assertThat(saidOverAll.get()).contains("No VM '*' is parked. Parked now: none.");
  }

  @Test
  void oneAnswerServesEveryMemberParkedAtAStep() {
    estate.vm("web-01");
    estate.vm("db-01");
    estate.recovery.script().fail("powerOnVm", "*", Fault.NO_CAPACITY, 2);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\",\"db-01\"]}");
    estate.until(
        "both parked",
        () ->
            run.query("status", OperationStatus.class).members().stream()
                    .filter(member -> member.parked() != null)
                    .count()
                == 2);
    assertThat(Estate.details(run))
        .contains("and 1 more")
        .contains("{\"vm\":\"*\",\"step\":\"powerOn\",\"answer\":\"retry\"}");

    String answered = run.update("answer", String.class, answer("*", "powerOn", "retry"));

    assertThat(answered).isEqualTo("answered: web-01, db-01");
    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void abortUndoesInReverseOrderAndEndsInTheStateTheReplicaCameFrom() {
    Replica replica = estate.vm("web-01");
    estate.extendNetworks();
    estate.checks.script().fail("verifyGuest", "*", Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run =
        estate.start(
            "PartialFailover",
            "{\"vms\":[{\"name\":\"web-01\",\"restorePoint\":\"web-01-0001\"}]}");
    estate.parked(replica);
    int before = estate.recovery.effects().size();

    estate.answer(replica, "abort", "wrong VM");

    OperationResult result = estate.result(run);
    assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(result.members().getFirst().notes()).contains("aborted at step 'verify' by ada");
    assertThat(result.members().getFirst().state()).isEqualTo(READY);
    assertThat(estate.recovery.effects().subList(before, estate.recovery.effects().size()))
        .extracting(Effect::what)
        .containsExactly("powerOff", "revertToSnapshot");
    assertThat(estate.registry.extendedFor()).isEmpty();
    assertThat(undone(replica))
        .containsExactly("leaveExtension", "moveToREADY", "powerOff", "revert", "resume");
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY);
    assertThat(estate.registry.isOnHold(replica.id())).isFalse();
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    assertThat(estate.content(replica)).isEqualTo("point-2");
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.OFF);
    assertThat(estate.woken).containsExactly(replica.id());
  }

  @Test
  void fencesNeverGoBackwardsWithinAnOperationNorFromItToTheNextCycle() {
    Replica replica = estate.vm("web-01");
    estate.recovery.script().fail("powerOnVm", "r-web-01", Fault.NO_CAPACITY, 1);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.parked(replica);
    estate.member(replica).update("answer", String.class, answer(null, null, "abort"));
    estate.result(run);

    assertThat(estate.registry.audit())
        .filteredOn(entry -> entry.attempt() > 0)
        .extracting(AuditEntry::stepNumber)
        .isSorted()
        .doesNotHaveDuplicates();
    ReplicationStatus cycle = estate.loop(replica).update("replicateNow", ReplicationStatus.class);
    assertThat(cycle.problem()).isEmpty();
    assertThat(estate.registry.abandoned(replica.id())).isEmpty();
  }

  @Test
  void anUndoCanBeAbortedBeforeTheRevertAndRunsOn() {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.recovery.script().fail("listSnapshots", "r-web-01", Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("UndoFailover", "{\"vms\":[\"web-01\"]}");
    assertThat(estate.parked(replica).answers()).containsExactly("retry", "skip", "abort");

    estate.member(replica).update("answer", String.class, answer(null, null, "abort"));

    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
    assertThat(estate.registry.isOnHold(replica.id())).isTrue();
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    assertThat(estate.registry.admitted("munich", Cap.STARTING)).isZero();
  }

  @Test
  void anUndoCannotBeAbortedAfterItsPointOfNoReturn() {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.recovery.script().fail("revertToSnapshot", "r-web-01", Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("UndoFailover", "{\"vms\":[\"web-01\"]}");
    assertThat(estate.parked(replica).answers()).containsExactly("retry", "reconcile");

    assertThat(refusal(estate.member(replica), answer(null, null, "abort")))
        .contains("'abort' is no answer to 'web-01' at step 'revert'");

    estate.member(replica).update("answer", String.class, answer(null, null, "retry"));
    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY);
  }

  @Test
  void aFencedMemberOffersAbortOrReconcileOnly() {
    Replica replica = estate.vm("web-01");
    estate.recovery.script().fail("powerOnVm", "r-web-01", Fault.FENCED, 1);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(estate.parked(replica).answers()).containsExactly("abort", "reconcile");

    estate.member(replica).update("answer", String.class, answer(null, null, "abort"));
    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void aReplicaPoweredOnByHandParksAndIsLeftAsItIs() {
    Replica replica = estate.vm("web-01");
    estate.recovery.power(replica.recovery(), PowerState.ON);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(estate.parked(replica).message()).contains("it is ON").contains("adopt it");
    estate.member(replica).update("answer", String.class, answer(null, null, "abort"));

    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY);
  }

  @Test
  void anAnswerGivenWhileNobodyCouldBeCalledIsTaken() {
    Replica replica = estate.vm("web-01");
    estate.recovery.script().fail("powerOnVm", "r-web-01", Fault.NO_CAPACITY, 1);
    estate.people.script().fail("page", "*", Fault.UNEXPECTED, 100);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.parked(replica);

    estate.member(replica).update("answer", String.class, answer(null, null, "retry"));

    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.DONE);
  }

  private static Answer answer(
      @Nullable String vm, @Nullable String step, @Nullable String answer) {
    return new Answer(vm, step, answer, null, null);
  }

  private static String refusal(WorkflowStub run, @Nullable Answer answer) {
    Throwable refused = catchThrowable(() -> run.update("answer", String.class, answer));
    assertThat(refused).isNotNull();
    Throwable cause = refused;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private static @Nullable Boolean attribute(WorkflowStub run) {
    return run.describe().getTypedSearchAttributes().get(Attributes.PARKED);
  }

  private List<Long> stepNumbers(Replica replica, String step) {
    return estate.registry.audit().stream()
        .filter(entry -> entry.replicaId().equals(replica.id()))
        .filter(entry -> entry.step().equals(step) && entry.attempt() > 0)
        .map(AuditEntry::stepNumber)
        .toList();
  }

  private List<String> undone(Replica replica) {
    return estate.registry.audit().stream()
        .filter(entry -> entry.replicaId().equals(replica.id()))
        .filter(entry -> entry.outcome().equals("UNDONE"))
        .map(AuditEntry::step)
        .filter(step -> !step.equals("release"))
        .toList();
  }
}
