package io.switchback.port;

import static io.switchback.lifecycle.Operation.PARTIAL_FAILOVER;
import static io.switchback.lifecycle.Operation.PLANNED_FAILOVER;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.SEEDING;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.DiskPair;
import io.switchback.model.DiskShape;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Mandate;
import io.switchback.model.Nic;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmRef;
import io.switchback.model.VmShape;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.ResumeReplication;
import io.switchback.port.CycleActivities.AbandonCycle;
import io.switchback.port.CycleActivities.BeginCycle;
import io.switchback.port.CycleActivities.CarriedShape;
import io.switchback.port.CycleActivities.CompleteCycle;
import io.switchback.port.CycleActivities.CycleEnd;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.CycleActivities.CycleStart;
import io.switchback.port.CycleActivities.ForgetRestorePoint;
import io.switchback.port.CycleActivities.Question;
import io.switchback.port.CycleActivities.RpoTerms;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What every adapter of {@link CycleActivities} promises about a cycle from its begin to its
 * record; {@link CyclePointsContract} has which restore points go.
 */
public abstract class CycleContract extends CycleCalls {
  @Test
  void beginsACycleOfAReplicaThatReplicates() {
    Replica replica = registry.protect("web-01", SEEDING);

    CycleStart start = begin(replica);

    assertThat(start.waitingFor()).isEmpty();
    assertThat(start.interval()).isPositive();
    CyclePlan plan = start.plan();
    assertThat(plan).isNotNull();
    assertThat(plan.replica()).isEqualTo(replica);
    assertThat(plan.fence().step()).isEqualTo(plan.number());
    assertThat(plan.newest()).isNull();
    assertThat(plan.changeIds()).isEmpty();
  }

  @Test
  void countsTheCycleNumberUpWithEachCall() {
    Replica replica = registry.protect("web-01", READY);

    long first = plan(replica).number();
    long second = plan(replica).number();

    assertThat(second).isGreaterThan(first);
  }

  @Test
  void answersEveryAttemptOfAQuestionTheSameCycle() {
    Replica replica = registry.protect("web-01", READY);

    CyclePlan first = plan(replica, new Question("run-1", 1));
    CyclePlan late = plan(replica, new Question("run-1", 1));
    CyclePlan next = plan(replica, new Question("run-1", 2));
    CyclePlan other = plan(replica, new Question("run-2", 2));

    assertThat(late).isEqualTo(first);
    assertThat(next.number()).isGreaterThan(first.number());
    assertThat(other.number()).isGreaterThan(next.number());
  }

  @Test
  void beginsNoneForAQuestionThatIsOlderThanTheCycleThatRuns() {
    Replica replica = registry.protect("web-01", READY);
    CyclePlan running = plan(replica, new Question("run-1", 2));

    assertWaits(begin(replica, new Question("run-1", 1)));

    var _ = complete(running, point("rp-1", Duration.ofMinutes(1)));
    assertThat(registry.restorePoints(replica)).hasSize(1);
  }

  @Test
  void beginsNoneWhileTheReplicaIsOnHold() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);
    hold(replica, mandate(OURS, claim.fence(), 1));
    release(replica, mandate(OURS, claim.fence(), 2));

    assertWaits(begin(replica));

    Claim later = claim(replica, THEIRS, PARTIAL_FAILOVER);
    Mandate mandate = mandate(THEIRS, later.fence(), 1);
    claims.call().resumeReplication(new ResumeReplication(mandate, replica.id()));
    release(replica, mandate);
    assertThat(begin(replica).plan()).isNotNull();
  }

  @Test
  void beginsNoneWhileTheReplicaIsClaimed() {
    Replica replica = registry.protect("web-01", READY);
    claim(replica, OURS, PARTIAL_FAILOVER);

    assertWaits(begin(replica));
  }

  @Test
  void beginsNoneInAStateThatDoesNotReplicate() {
    assertWaits(begin(registry.protect("web-01", FAILOVER)));
  }

  @Test
  void readsTheEpochWhenTheCycleBegins() {
    Replica replica = registry.protect("web-01", READY);
    CyclePlan before = plan(replica);
    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);
    release(replica, mandate(OURS, claim.fence(), 1));

    CyclePlan after = plan(replica);

    assertThat(before.fence()).isLessThan(claim.fence());
    assertThat(after.fence()).as("outranks every step").isGreaterThan(claim.fence().atStep(1_000));
    assertThat(after.fence().generation()).isEqualTo(claim.fence().generation());
  }

  @Test
  void recordsTheRestorePointAndRemembersTheChangeIds() {
    Replica replica = registry.protect("web-01", READY);
    RestorePoint point = point("rp-1", Duration.ZERO);

    CycleEnd end = complete(plan(replica), point);

    assertThat(end.expired()).isEmpty();
    assertThat(registry.restorePoints(replica)).containsExactly(point);
    CyclePlan next = plan(replica);
    assertThat(next.newest()).isEqualTo(point);
    assertThat(next.changeIds()).isEqualTo(changeIds(point));
  }

  @Test
  void makesTheReplicaReadyWithItsFirstRestorePoint() {
    Replica replica = registry.protect("web-01", SEEDING);

    complete(plan(replica), point("rp-1", Duration.ZERO));

    assertThat(registry.state(replica)).isEqualTo(READY);
  }

  @Test
  void recordsTheShapeThatWasCarriedOver() {
    Replica replica = registry.protect("web-01", READY);
    CyclePlan plan = plan(replica);
    assertThat(plan.shape()).isNull();
    CarriedShape carried = carried(replica, "shop-01", "a card has no network");

    cycles.call().completeCycle(request(plan, point("rp-1", Duration.ZERO), carried, null));

    CyclePlan next = plan(replica);
    assertThat(next.shape()).isEqualTo(carried.shape());
    assertThat(next.replica().name()).isEqualTo("shop-01");
    assertThat(next.replica().production()).isEqualTo(carried.production());
    assertThat(next.replica().recovery()).isEqualTo(carried.recovery());
    assertThat(next.replica().disks()).isEqualTo(carried.disks());
    assertThat(next.replica().networks()).isEqualTo(carried.networks());
    assertThat(registry.mark(replica)).isEqualTo("a card has no network");
  }

  @Test
  void recordsNoShapeWithoutItsRestorePoint() {
    Replica replica = registry.protect("web-01", READY);
    CyclePlan plan = plan(replica);
    CarriedShape carried = carried(replica, "shop-01", "");
    claim(replica, OURS, PARTIAL_FAILOVER);

    assertFault(
        Fault.FENCED,
        () ->
            cycles
                .call()
                .completeCycle(request(plan, point("rp-1", Duration.ZERO), carried, null)));

    release(replica, mandate(OURS, registry.fence(replica), 1));
    assertThat(plan(replica).replica()).isEqualTo(replica);
  }

  @Test
  void saysByWhatTheRpoIsMeasured() {
    Replica replica = registry.protect("web-01", READY);
    assertThat(begin(replica).rpo()).as("no point yet").isNull();
    RestorePoint point = point("rp-1", Duration.ZERO);
    complete(plan(replica), point);

    CycleStart start = begin(replica);

    assertThat(start.rpo()).isEqualTo(new RpoTerms(point.takenAt(), start.rpoObjective()));
    assertThat(start.rpoObjective()).isGreaterThanOrEqualTo(start.interval());
    claim(replica, OURS, PARTIAL_FAILOVER);
    assertThat(begin(replica).rpo()).as("an operation holds it").isNull();
  }

  @Test
  void beginsNoneInAnotherLoopThanTheReplicas() {
    Replica replica = registry.protect("web-01", READY);
    assertWaits(cycles.call().beginCycle(new BeginCycle(replica.id(), "erp")));
    registry.group("erp", replica);

    CycleStart own = begin(replica);

    assertWaits(own);
    assertThat(own.group()).isEqualTo("erp");
    assertThat(own.rpo()).isNull();
    assertThat(cycles.call().beginCycle(new BeginCycle(replica.id(), "erp")).plan()).isNotNull();
  }

  @Test
  void beginsOneForTheOperationThatHoldsTheReplica() {
    Replica replica = registry.protect("web-01", READY);
    registry.group("erp", replica);
    Claim claim = claim(replica, OURS, PLANNED_FAILOVER);
    hold(replica, mandate(OURS, claim.fence(), 1));

    CyclePlan plan = plan(replica, mandate(OURS, claim.fence(), 2));

    assertThat(plan.fence().epoch()).isEqualTo(claim.fence().epoch());
    assertThat(plan.fence().step()).isEqualTo(plan.number());
    assertWaits(cycles.call().beginCycle(new BeginCycle(replica.id(), "erp")));
  }

  @Test
  void runsNoCycleOfAnOperationThatDoesNotHoldTheReplica() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claim(replica, OURS, PLANNED_FAILOVER);
    CyclePlan plan = plan(replica, mandate(OURS, claim.fence(), 1));
    release(replica, mandate(OURS, claim.fence(), 2));
    Claim theirs = claim(replica, THEIRS, PARTIAL_FAILOVER);

    assertFault(Fault.FENCED, () -> plan(replica, mandate(OURS, claim.fence(), 3)));
    assertFault(Fault.FENCED, () -> plan(replica, mandate(OURS, theirs.fence(), 3)));
    assertFault(
        Fault.FENCED,
        () ->
            cycles
                .call()
                .completeCycle(
                    request(
                        plan,
                        point("rp-1", Duration.ZERO),
                        null,
                        mandate(OURS, claim.fence(), 4))));

    assertThat(registry.restorePoints(replica)).isEmpty();
  }

  @Test
  void answersTheSameWhenTheCycleIsRecordedAlready() {
    Replica replica = registry.protect("web-01", READY);
    registry.keep(replica, 1);
    complete(plan(replica), point("rp-1", Duration.ofMinutes(1)));
    CompleteCycle request = request(plan(replica), point("rp-2", Duration.ofMinutes(2)));
    CycleEnd first = cycles.call().completeCycle(request);

    CycleEnd second = cycles.attempt(2).completeCycle(request);

    assertThat(second).isEqualTo(new CycleEnd(first.expired(), 2));
    assertThat(registry.restorePoints(replica)).hasSize(2);
  }

  @Test
  void answersTheSameAlsoWhenTheReplicaWasClaimedAfterItWasRecorded() {
    Replica replica = registry.protect("web-01", READY);
    CompleteCycle request = request(plan(replica), point("rp-1", Duration.ofMinutes(1)));
    cycles.call().completeCycle(request);
    claim(replica, OURS, PARTIAL_FAILOVER);

    CycleEnd second = cycles.attempt(2).completeCycle(request);

    assertThat(second.expired()).isEmpty();
    assertThat(registry.restorePoints(replica)).hasSize(1);
  }

  @Test
  void recordsNothingWhenTheReplicaWasClaimedSinceTheCycleBegan() {
    Replica replica = registry.protect("web-01", READY);
    CyclePlan plan = plan(replica);
    claim(replica, OURS, PARTIAL_FAILOVER);

    assertFault(Fault.FENCED, () -> complete(plan, point("rp-1", Duration.ZERO)));

    assertThat(registry.restorePoints(replica)).isEmpty();
  }

  @Test
  void recordsNothingWhenAClaimCameAndWentSinceTheCycleBegan() {
    Replica replica = registry.protect("web-01", READY);
    CyclePlan plan = plan(replica);
    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);
    release(replica, mandate(OURS, claim.fence(), 1));

    assertFault(Fault.FENCED, () -> complete(plan, point("rp-1", Duration.ZERO)));

    assertThat(registry.restorePoints(replica)).isEmpty();
    assertThat(plan(replica).changeIds()).isEmpty();
  }

  @Test
  void recordsNothingWhenTheReplicaWasPutOnHoldSinceTheCycleBegan() {
    Replica replica = registry.protect("web-01", READY);
    CyclePlan plan = plan(replica);
    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);
    hold(replica, mandate(OURS, claim.fence(), 1));
    release(replica, mandate(OURS, claim.fence(), 2));

    assertFault(Fault.FENCED, () -> complete(plan, point("rp-1", Duration.ZERO)));

    assertThat(registry.restorePoints(replica)).isEmpty();
  }

  @Test
  void recordsOnceWhyACycleCameToNothing() {
    Replica replica = registry.protect("web-01", READY);
    long number = plan(replica).number();
    AbandonCycle request = new AbandonCycle(replica.id(), number, "the datastore is full");

    Done first = cycles.call().abandonCycle(request);
    Done second =
        cycles.attempt(2).abandonCycle(new AbandonCycle(replica.id(), number, "another reason"));

    assertThat(first.changed()).isTrue();
    assertThat(second).isEqualTo(new Done(false, 2));
    assertThat(registry.abandoned(replica, number)).contains("the datastore is full");
  }

  @Test
  void saysWhichAttemptAnswers() {
    Replica replica = registry.protect("web-01", READY);

    CycleStart start = cycles.attempt(3).beginCycle(new BeginCycle(replica.id()));

    assertThat(start.attempt()).isEqualTo(3);
  }

  @Test
  void refusesAReplicaThatIsNoLongerProtected() {
    Replica replica = registry.protect("web-01", READY);
    CyclePlan plan = plan(replica);
    registry.unprotect(replica);

    for (ThrowingCallable call : everyMethod(plan)) {
      assertFault(Fault.REFUSED, call);
    }
  }

  @Test
  void saysThatTheRegistryDoesNotAnswer() {
    Replica replica = registry.protect("web-01", READY);
    CyclePlan plan = plan(replica);
    registry.breakRegistry();

    for (ThrowingCallable call : everyMethod(plan)) {
      assertFault(Fault.REGISTRY_UNAVAILABLE, call);
    }
  }

  private static void assertWaits(CycleStart start) {
    assertThat(start.plan()).isNull();
    assertThat(start.waitingFor()).isNotBlank();
    assertThat(start.interval()).isPositive();
  }

  private static CarriedShape carried(Replica replica, String name, String mark) {
    VmRef production = replica.production();
    VmRef recovery = replica.recovery();
    String gained = production.id() + "-gained";
    return new CarriedShape(
        new VmRef(production.site(), production.id(), name),
        new VmShape(
            name,
            new Hardware(2, 1 << 30, Firmware.BIOS, List.of(new Nic("lan", true, List.of()))),
            List.of(new DiskShape(gained, 4096))),
        new VmRef(recovery.site(), recovery.id(), name + "-replica"),
        List.of(new DiskPair(gained, recovery.id() + "-gained", 4096)),
        List.of("dr-lan"),
        mark);
  }

  private List<ThrowingCallable> everyMethod(CyclePlan plan) {
    String id = plan.replica().id();
    return List.of(
        () -> cycles.call().beginCycle(new BeginCycle(id)),
        () -> complete(plan, point("rp-1", Duration.ZERO)),
        () -> cycles.call().abandonCycle(new AbandonCycle(id, plan.number(), "why")),
        () -> cycles.call().forgetRestorePoint(new ForgetRestorePoint(id, "rp-1")));
  }
}
