package io.switchback.port;

import static io.switchback.lifecycle.Operation.SWITCH_OVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Failback;
import io.switchback.model.Failback.Round;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.SomeFailback;
import io.switchback.model.VmRef;
import io.switchback.port.FailbackActivities.BeginFailback;
import io.switchback.port.FailbackActivities.CompleteSwitch;
import io.switchback.port.FailbackActivities.DescribeFailback;
import io.switchback.port.FailbackActivities.EndFailback;
import io.switchback.port.FailbackActivities.MoveSwitch;
import io.switchback.port.FailbackActivities.RecordRound;
import io.switchback.port.ProtectionActivities.EndProtection;
import io.switchback.port.ProtectionActivities.ReserveReplica;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link FailbackActivities} promises, up to the switch. */
public abstract class FailbackContract extends FailingBackContract {
  private static final Round FIRST = new Round("round-1", Map.of("replica-disk", "change-7"), null);
  private static final Round SECOND =
      new Round("round-2", Map.of("replica-disk", "change-8"), null);

  @Test
  void writesTheFailbackDownAndLeavesTheReplicaAsItIs() {
    Replica replica = held();

    assertThat(begin(replica, elsewhere(replica))).isEqualTo(new Done(true, 1));

    assertThat(described(replica)).isEqualTo(elsewhere(replica));
    assertThat(now(replica, replica.production())).isEqualTo(replica);
    assertThat(registry.restorePoints(replica)).hasSize(1);
  }

  @Test
  void leavesItAsItIsWhenTheSameOperationHasWrittenItAlready() {
    Replica replica = held();
    begin(replica, elsewhere(replica));
    round(replica, FIRST);

    Done again =
        failbacks
            .attempt(2)
            .beginFailback(new BeginFailback(ours(replica, 2), replica.id(), home(replica)));

    assertThat(again).isEqualTo(new Done(false, 2));
    assertThat(described(replica)).isEqualTo(with(elsewhere(replica), FIRST));
  }

  @Test
  void namesTheVmThatTheFailbackMakesOnceItIsThere() {
    Replica replica = held();
    VmRef guess = new VmRef("berlin", "web-01-new", "web-01-new");
    Failback planned = making(replica, guess, replica.disks().getFirst().productionDisk(), NEW_LAN);
    Failback made = making(replica, ELSEWHERE, RESTORED_DISK, NEW_LAN);
    begin(replica, planned);
    assertThat(described(replica)).isEqualTo(planned);

    assertThat(begin(replica, made)).isEqualTo(new Done(true, 1));
    assertThat(begin(replica, made)).isEqualTo(new Done(false, 1));
    assertThat(described(replica)).isEqualTo(made);
    assertThat(standing(ELSEWHERE).excluded()).isNotEmpty();
  }

  @Test
  void namesNoOtherVmOnceTheFirstSynchronisationIsMade() {
    Replica replica = held();
    Failback made = making(replica, ELSEWHERE, RESTORED_DISK);
    begin(replica, made);
    round(replica, FIRST);

    Done again =
        failbacks
            .call()
            .beginFailback(
                new BeginFailback(
                    ours(replica, 3),
                    replica.id(),
                    making(replica, new VmRef("berlin", "vm-9", "web-09"), "disk-9")));

    assertThat(again.changed()).isFalse();
    assertThat(described(replica)).isEqualTo(with(made, FIRST));
  }

  @Test
  void refusesAFailbackBesideThatOfAnotherOperation() {
    Replica replica = held();
    begin(replica, home(replica));
    release(replica, ours(replica, 2));
    registry.state(replica, READY_TO_SWITCH);
    Fence theirs = claim(replica, THEIRS, SWITCH_OVER).fence();

    assertFault(
        Fault.REFUSED,
        () ->
            failbacks
                .call()
                .beginFailback(
                    new BeginFailback(
                        mandate(THEIRS, theirs, 1), replica.id(), elsewhere(replica))));

    assertThat(described(replica)).isEqualTo(home(replica));
  }

  @Test
  void refusesAVmOfAnotherReplicaAsTarget() {
    Replica other = registry.protect("db-01", READY);
    Replica replica = held();

    for (VmRef taken : List.of(other.production(), other.recovery(), replica.recovery())) {
      assertFault(Fault.REFUSED, () -> begin(replica, to(taken, RESTORED_DISK, replica)));
    }
    String disk = other.disks().getFirst().productionDisk();
    assertFault(Fault.REFUSED, () -> begin(replica, to(ELSEWHERE, disk, replica)));
    assertThat(described(replica)).isNull();
  }

  @Test
  void refusesAVmThatIsBeingProtectedAsTarget() {
    Replica replica = held();
    reserve(ELSEWHERE);

    assertFault(Fault.REFUSED, () -> begin(replica, elsewhere(replica)));
  }

  @Test
  void refusesATargetAtAnotherSite() {
    Replica replica = held();
    VmRef away = new VmRef("munich", "vm-away", "web-01");

    assertFault(Fault.REFUSED, () -> begin(replica, to(away, RESTORED_DISK, replica)));
  }

  @Test
  void letsNobodyProtectTheTargetOrProductionUntilTheEnd() {
    Replica replica = held();
    begin(replica, elsewhere(replica));
    complete(replica);

    for (VmRef vm : List.of(ELSEWHERE, replica.production())) {
      assertThat(standing(vm).excluded()).isNotEmpty();
      assertFault(Fault.REFUSED, () -> reserve(vm));
    }
    end(replica, false);
    assertThat(standing(ELSEWHERE).excluded()).isEmpty();
    reserve(ELSEWHERE);
  }

  @Test
  void isGoneWithTheProtectionOfWhichNeitherVmIsLeftToRules() {
    Replica replica = held();
    begin(replica, elsewhere(replica));
    complete(replica);

    protection.call().endProtection(new EndProtection(ours(replica, 4), replica.id()));

    assertThat(described(replica)).isNull();
    assertThat(standing(ELSEWHERE).excluded()).isNotEmpty();
    assertThat(standing(replica.production()).excluded()).isNotEmpty();
  }

  @Test
  void answersNoneWhereThereIsNone() {
    Replica replica = held();

    assertThat(described(replica)).isNull();
    assertThat(failbacks.call().describeFailback(new DescribeFailback("nobody")).failback())
        .isNull();
  }

  @Test
  void remembersTheLastSynchronisation() {
    Replica replica = held();
    begin(replica, home(replica));

    assertThat(round(replica, FIRST).changed()).isTrue();
    assertThat(round(replica, SECOND).changed()).isTrue();

    assertThat(described(replica)).isEqualTo(with(home(replica), SECOND));
  }

  @Test
  void answersUnchangedWhenTheSynchronisationIsRemembered() {
    Replica replica = held();
    begin(replica, home(replica));
    round(replica, FIRST);

    assertThat(
            failbacks
                .attempt(2)
                .recordRound(new RecordRound(ours(replica, 2), replica.id(), FIRST)))
        .isEqualTo(new Done(false, 2));
  }

  @Test
  void remembersWhenASynchronisationWasCompleteAndHowOftenOneIsWanted() {
    Replica replica = held();
    begin(
        replica,
        SomeFailback.like(home(replica))
            .targetIsolated()
            .resynchronisedEvery(Duration.ofHours(6))
            .build());
    Round made = new Round(FIRST.snapshot(), FIRST.changeIds(), SUNDAY);

    round(replica, made);

    assertThat(described(replica))
        .returns(made, Failback::round)
        .returns(true, Failback::targetIsolated)
        .returns(Duration.ofHours(6), Failback::resynchroniseEvery);
  }

  @Test
  void movesTheTimeOfTheSwitch() {
    Replica replica = held();
    begin(replica, scheduled(replica));

    assertThat(move(replica, SUNDAY.plusSeconds(60)).changed()).isTrue();
    assertThat(move(replica, SUNDAY.plusSeconds(60)).changed()).isFalse();

    assertThat(described(replica))
        .returns(SUNDAY.plusSeconds(60), Failback::switchAt)
        .returns(scheduled(replica).switchover(), Failback::switchover);
  }

  @Test
  void refusesAnotherTimeForASwitchThatIsNotScheduled() {
    Replica replica = held();
    begin(replica, home(replica));

    assertFault(Fault.REFUSED, () -> move(replica, SUNDAY));

    assertThat(described(replica)).isEqualTo(home(replica));
  }

  @Test
  void refusesWhatNeedsAFailbackWhereThereIsNone() {
    Replica replica = held();

    assertFault(Fault.REFUSED, () -> round(replica, FIRST));
    assertFault(Fault.REFUSED, () -> move(replica, SUNDAY));
    assertFault(Fault.REFUSED, () -> complete(replica));
  }

  @Test
  void refusesWhoeverDoesNotHoldTheReplicaAndLateSteps() {
    Replica replica = held();
    begin(replica, scheduled(replica));
    round(replica, FIRST);
    Failback before = described(replica);
    Mandate nobodys = mandate(NOBODYS, registry.fence(replica), 9);

    for (Mandate fenced : List.of(nobodys, ours(replica, 0))) {
      for (ThrowingCallable change : everyChange(replica, fenced)) {
        assertFault(Fault.FENCED, change);
      }
    }
    assertThat(described(replica)).isEqualTo(before);
  }

  @Test
  void saysThatTheRegistryDoesNotAnswer() {
    Replica replica = held();
    Mandate mandate = ours(replica, 1);
    registry.breakRegistry();

    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> described(replica));
    for (ThrowingCallable change : everyChange(replica, mandate)) {
      assertFault(Fault.REGISTRY_UNAVAILABLE, change);
    }
  }

  private List<ThrowingCallable> everyChange(Replica replica, Mandate mandate) {
    String id = replica.id();
    FailbackActivities port = failbacks.call();
    return List.of(
        () -> port.beginFailback(new BeginFailback(mandate, id, elsewhere(replica))),
        () -> port.recordRound(new RecordRound(mandate, id, SECOND)),
        () -> port.moveSwitch(new MoveSwitch(mandate, id, NOON)),
        () ->
            port.completeSwitch(
                new CompleteSwitch(mandate, id, point("late", Duration.ZERO), Map.of())),
        () -> port.endFailback(new EndFailback(mandate, id, false, "kim", "late")));
  }

  private Done round(Replica replica, Round round) {
    return failbacks.call().recordRound(new RecordRound(ours(replica, 2), replica.id(), round));
  }

  private Done move(Replica replica, Instant at) {
    return failbacks.call().moveSwitch(new MoveSwitch(ours(replica, 2), replica.id(), at));
  }

  private void reserve(VmRef vm) {
    var _ =
        protection
            .call()
            .reserveReplica(
                new ReserveReplica(
                    THEIRS, "another", vm, "paris", "protect/" + vm.id(), "run-1", "dana"));
  }

  private static Failback with(Failback failback, Round round) {
    return SomeFailback.like(failback).round(round).build();
  }
}
