package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.switchback.fault.Fault;
import io.switchback.fault.Remedy;
import io.switchback.model.Replica;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.temporal.client.WorkflowStub;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SkippingTest {
  private static final Answer SKIP = new Answer(null, null, "skip", "ada", "is looked at by hand");

  @AutoClose private final Estate estate = new Estate();

  @Test
  void aSkippedVerificationIsNotPassedAndShowsInResultAndAudit() {
    Replica replica = estate.vm("web-01");
    WorkflowStub run = parkedAt(replica, "verifyGuest", "verify");

    estate.member(replica).update("answer", String.class, SKIP);

    MemberResult result = estate.resultOfOne(run);
    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(result.verified()).isFalse();
    assertThat(result.verification().results().getFirst().detail())
        .isEqualTo("not verified: skipped by ada, is looked at by hand");
    assertThat(result.skipped())
        .containsExactly(new SkippedStep("verify", "ada", "is looked at by hand", "not verified"));
    assertThat(estate.registry.audit())
        .filteredOn(entry -> entry.outcome().equals("SKIPPED"))
        .singleElement()
        .matches(entry -> entry.step().equals("verify") && entry.by().equals("ada"))
        .extracting(AuditEntry::detail)
        .asString()
        .startsWith("is looked at by hand; not verified (failed: Could not do 'verifyGuest'");
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
  }

  @Test
  void aGuestThatNobodyWaitedForIsNotVerifiedHoweverItsChecksEnd() {
    Replica replica = estate.vm("web-01");
    WorkflowStub run = parkedAt(replica, "awaitGuest", "awaitGuest");

    estate.member(replica).update("answer", String.class, SKIP);

    MemberResult result = estate.resultOfOne(run);
    assertThat(result.verified()).isFalse();
    assertThat(result.rto()).isNull();
    assertThat(result.notes())
        .contains(
            "not verified: nobody waited for its guest: skipped by ada, is looked at by hand");
  }

  @Test
  void aSkippedExtensionIsADegradedNetwork() {
    Replica replica = estate.vm("web-01");
    estate.registry.script().fail("joinNetworks", "*", Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    assertThat(estate.parked(replica).step()).isEqualTo("openExtensionRECOVERY");

    estate.member(replica).update("answer", String.class, SKIP);

    MemberResult result = estate.resultOfOne(run);
    assertThat(result.network().getFirst().condition()).isEqualTo(Condition.DEGRADED);
    assertThat(result.network().getFirst().detail()).contains("skipped by ada");
    assertThat(result.verified()).isTrue();
  }

  @Test
  void skippingTakesANameAndAReason() {
    Replica replica = estate.vm("web-01");
    WorkflowStub run = parkedAt(replica, "verifyGuest", "verify");

    Throwable refused = catchThrowable(() -> estate.answer(replica, "skip", " "));

    assertThat(refused)
        .rootCause()
        .hasMessageContaining("To skip, give your name in 'by' and why in 'reason'.");
    estate.member(replica).update("answer", String.class, SKIP);
    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void anUndoOnTheWayOutCanSkipWhatItMayLeaveBehind() {
    Replica replica = estate.vm("web-01");
    estate.checks.script().fail("verifyGuest", "*", Fault.BAD_CREDENTIALS, 1);
    estate.registry.script().fail("leaveNetworks", "*", Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.parked(replica);
    estate.member(replica).update("answer", String.class, answer("abort"));
    estate.until("parks again", () -> "leaveExtension".equals(estate.parked(replica).step()));
    assertThat(estate.parked(replica).answers()).containsExactly("retry", "skip", "reconcile");

    estate.member(replica).update("answer", String.class, SKIP);

    MemberResult result = estate.resultOfOne(run);
    assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(result.state()).isEqualTo(READY);
    assertThat(result.skipped().getFirst().consequence()).contains("still counts it in");
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void onlyAFaultThatSaysDataMayBeWrongTakesRetryAndSkipAway(Fault fault) {
    Replica replica = estate.vm("web-01");
    estate.checks.script().fail("verifyGuest", "*", fault, 2);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");

    if (fault.remedy() == Remedy.STOP) {
      assertThat(estate.parked(replica).answers()).containsExactly("abort", "reconcile");
    } else {
      assertThat(estate.parked(replica).answers()).containsExactly("retry", "skip", "abort");
    }

    estate.member(replica).update("answer", String.class, answer("abort"));
    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void whoAnswersReconcileLeavesEverythingAsItIsWithItsClaim() {
    Replica replica = estate.vm("web-01");
    estate.checks.script().fail("verifyGuest", "*", Fault.PROOF_FAILED, 1);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.parked(replica);
    int before = estate.recovery.effects().size();

    estate.member(replica).update("answer", String.class, answer("reconcile"));

    MemberResult result = estate.resultOfOne(run);
    assertThat(result.outcome()).isEqualTo(Outcome.LEFT_FOR_RECONCILE);
    assertThat(result.notes())
        .singleElement()
        .asString()
        .startsWith("left as it is at step 'verify' by not named: Could not do 'verifyGuest'")
        .endsWith("Reconcile it.");
    assertThat(estate.registry.isClaimed(replica.id())).isTrue();
    assertThat(estate.registry.isOnHold(replica.id())).isTrue();
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
    assertThat(estate.recovery.effects()).hasSize(before);
  }

  private WorkflowStub parkedAt(Replica replica, String activity, String step) {
    estate.checks.script().fail(activity, "*", Fault.BAD_CREDENTIALS, 1);
    estate.recovery.script().fail(activity, "*", Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    Parked parked = estate.parked(replica);
    assertThat(parked.step()).isEqualTo(step);
    assertThat(parked.answers()).containsExactly("retry", "skip", "abort");
    assertThat(parked.copyable().get(1))
        .isEqualTo(
            "{\"vm\":\"web-01\",\"step\":\"%s\",\"answer\":\"skip\",\"by\":\"your name\",\"reason\":\"why\"}"
                .formatted(step));
    return run;
  }

  private static Answer answer(@Nullable String answer) {
    return new Answer(null, null, answer, null, null);
  }
}
