package io.switchback.port;

import static io.switchback.lifecycle.Operation.PARTIAL_FAILOVER;
import static io.switchback.lifecycle.Operation.PLANNED_FAILOVER;
import static io.switchback.lifecycle.Operation.UNDO_FAILOVER;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.PERMANENT;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.SEEDING;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Lifecycle;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.HoldReplication;
import io.switchback.port.ClaimActivities.MoveReplica;
import io.switchback.port.ClaimActivities.ReleaseReplica;
import io.switchback.port.ClaimActivities.RememberProduction;
import io.switchback.port.ClaimActivities.ResumeReplication;
import io.switchback.port.ClaimActivities.ShutDownProduction;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link ClaimActivities} promises. */
public abstract class ClaimContract extends RegistryContract {
  @Test
  void claimsAReplicaThatNobodyHolds() {
    Replica replica = registry.protect("web-01", READY);

    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);

    assertThat(claim.from()).isEqualTo(READY);
    assertThat(claim.fence().generation()).isPositive();
    assertThat(registry.state(replica)).isEqualTo(READY);
  }

  @Test
  void raisesTheEpochWithEveryClaim() {
    Replica replica = registry.protect("web-01", READY);
    Claim first = claim(replica, OURS, PARTIAL_FAILOVER);
    release(replica, mandate(OURS, first.fence(), 1));

    Claim second = claim(replica, THEIRS, PARTIAL_FAILOVER);

    assertThat(second.fence().epoch()).isGreaterThan(first.fence().epoch());
    assertThat(second.fence()).isGreaterThan(first.fence().atStep(1_000_000));
  }

  @Test
  void answersTheClaimAsItWasGivenToTheSameOperation() {
    Replica replica = registry.protect("web-01", READY);
    Claim first = claim(replica, OURS, PARTIAL_FAILOVER);
    move(replica, mandate(OURS, first.fence(), 1), FAILOVER);

    Claim again = claims.attempt(2).claimReplica(claimRequest(replica, OURS, PARTIAL_FAILOVER));

    assertThat(again).isEqualTo(new Claim(first.fence(), READY, 2));
  }

  @Test
  void refusesAStateThatForbidsTheOperationAndSaysWhatIsAllowed() {
    Replica replica = registry.protect("web-01", SEEDING);

    FaultException refused =
        assertFault(Fault.REFUSED, () -> claim(replica, OURS, PARTIAL_FAILOVER));

    assertThat(refused.sentence())
        .contains(Lifecycle.refusal("web-01", SEEDING, PARTIAL_FAILOVER).orElseThrow());
  }

  @Test
  void refusesAReplicaThatAnotherOperationHoldsAndNamesItsRun() {
    Replica replica = registry.protect("web-01", READY);
    Claim theirs = claim(replica, THEIRS, PARTIAL_FAILOVER);

    FaultException refused =
        assertFault(Fault.REFUSED, () -> claim(replica, OURS, PARTIAL_FAILOVER));

    assertThat(refused.sentence())
        .contains("web-01", PARTIAL_FAILOVER.words(), "workflow-" + THEIRS, "run-1");
    assertThat(claim(replica, THEIRS, PARTIAL_FAILOVER).fence()).isEqualTo(theirs.fence());
  }

  @Test
  void letsExactlyOneOfTwoOperationsWin() throws Exception {
    try (PortCaller<ClaimActivities> others =
        new PortCaller<>(ClaimActivities.class, registry.claims())) {
      for (int round = 0; round < 20; round++) {
        Replica replica = registry.protect("web-" + round, READY);

        List<Object> outcomes =
            atOnce(
                () -> claim(replica, OURS, PARTIAL_FAILOVER),
                () -> others.call().claimReplica(claimRequest(replica, THEIRS, PARTIAL_FAILOVER)));

        assertThat(outcomes).filteredOn(Claim.class::isInstance).hasSize(1);
        assertThat(outcomes)
            .filteredOn(FaultException.class::isInstance)
            .singleElement()
            .returns(Fault.REFUSED, refused -> ((FaultException) refused).fault());
      }
    }
  }

  @Test
  void refusesClaimsWhenASiteHasSeenAHigherGeneration() {
    Replica replica = registry.protect("web-01", READY);
    registry.siteHasSeen(2, 0);

    assertFault(Fault.FENCE_AHEAD, () -> claim(replica, OURS, PARTIAL_FAILOVER));
  }

  @Test
  void refusesClaimsWhenASiteHasSeenAHigherEpochOfThisGeneration() {
    Replica replica = registry.protect("web-01", READY);
    registry.siteHasSeen(1, 1_000_000);

    assertFault(Fault.FENCE_AHEAD, () -> claim(replica, OURS, PARTIAL_FAILOVER));
  }

  @Test
  void claimsWhenASiteHasSeenNoMoreThanWasGivenOut() {
    Claim last = claim(registry.protect("web-01", READY), OURS, PARTIAL_FAILOVER);
    registry.siteHasSeen(1, last.fence().epoch());

    Claim next = claim(registry.protect("db-01", READY), THEIRS, PARTIAL_FAILOVER);

    assertThat(next.fence()).isGreaterThan(last.fence());
  }

  @Test
  void neverGivesTheSameEpochToTwoReplicas() {
    Fence first = claim(registry.protect("web-01", READY), OURS, PARTIAL_FAILOVER).fence();
    Fence second = claim(registry.protect("db-01", READY), THEIRS, PARTIAL_FAILOVER).fence();

    assertThat(second.epoch()).isGreaterThan(first.epoch());
  }

  @Test
  void movesTheReplicaWhereTheOperationLeads() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);

    Done done = move(replica, mandate(OURS, claim.fence(), 1), FAILOVER);

    assertThat(done.changed()).isTrue();
    assertThat(registry.state(replica)).isEqualTo(FAILOVER);
  }

  @Test
  void movesTheReplicaBackWhereItCameFrom() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);
    move(replica, mandate(OURS, claim.fence(), 1), FAILOVER);

    move(replica, mandate(OURS, claim.fence(), 2), READY);

    assertThat(registry.state(replica)).isEqualTo(READY);
  }

  @Test
  void answersUnchangedWhenTheReplicaIsInTheStateAlready() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);
    Mandate mandate = mandate(OURS, claim.fence(), 1);
    move(replica, mandate, FAILOVER);

    Done second = claims.attempt(2).moveReplica(new MoveReplica(mandate, replica.id(), FAILOVER));

    assertThat(second).isEqualTo(new Done(false, 2));
    assertThat(registry.state(replica)).isEqualTo(FAILOVER);
  }

  @Test
  void refusesAStateThatTheOperationDoesNotLeadTo() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);

    assertFault(Fault.REFUSED, () -> move(replica, mandate(OURS, claim.fence(), 1), PERMANENT));

    assertThat(registry.state(replica)).isEqualTo(READY);
  }

  @Test
  void putsReplicationOnHoldOnce() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);

    assertThat(hold(replica, mandate(OURS, claim.fence(), 1)).changed()).isTrue();
    assertThat(registry.isOnHold(replica)).isTrue();
    assertThat(hold(replica, mandate(OURS, claim.fence(), 1)).changed()).isFalse();
    assertThat(registry.isOnHold(replica)).isTrue();
  }

  @Test
  void keepsTheHoldUntilItIsResumed() {
    Replica replica = registry.protect("web-01", READY);
    Claim failover = claim(replica, OURS, PARTIAL_FAILOVER);
    hold(replica, mandate(OURS, failover.fence(), 1));
    move(replica, mandate(OURS, failover.fence(), 2), FAILOVER);
    release(replica, mandate(OURS, failover.fence(), 3));
    assertThat(registry.isOnHold(replica)).isTrue();
    Claim undo = claim(replica, THEIRS, UNDO_FAILOVER);

    assertThat(resume(replica, mandate(THEIRS, undo.fence(), 1)).changed()).isTrue();
    assertThat(registry.isOnHold(replica)).isFalse();
  }

  @Test
  void answersUnchangedWhenThereIsNoHoldToEnd() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);

    assertThat(resume(replica, mandate(OURS, claim.fence(), 1)).changed()).isFalse();
  }

  @Test
  void remembersThatProductionWasShutDownUntilTheReplicaIsReadyAgain() {
    Replica replica = registry.protect("web-01", READY);
    Claim failover = claim(replica, OURS, PLANNED_FAILOVER);
    assertThat(failover.shutDown()).isNull();
    remember(replica, mandate(OURS, failover.fence(), 1), true);
    move(replica, mandate(OURS, failover.fence(), 2), FAILOVER);
    release(replica, mandate(OURS, failover.fence(), 3));

    Claim undo = claim(replica, THEIRS, UNDO_FAILOVER);

    assertThat(undo.shutDown()).isEqualTo(new ShutDownProduction(true));
    move(replica, mandate(THEIRS, undo.fence(), 1), READY);
    release(replica, mandate(THEIRS, undo.fence(), 2));
    assertThat(claim(replica, NOBODYS, PARTIAL_FAILOVER).shutDown()).isNull();
  }

  @Test
  void remembersOnceWhetherProductionRan() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claim(replica, OURS, PLANNED_FAILOVER);
    Mandate mandate = mandate(OURS, claim.fence(), 1);

    assertThat(remember(replica, mandate, false).changed()).isTrue();
    assertThat(remember(replica, mandate, false).changed()).isFalse();

    assertThat(claim(replica, OURS, PLANNED_FAILOVER).shutDown())
        .isEqualTo(new ShutDownProduction(false));
  }

  @Test
  void endsTheClaimAndKeepsTheState() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);
    move(replica, mandate(OURS, claim.fence(), 1), FAILOVER);

    Done done = release(replica, mandate(OURS, claim.fence(), 2));

    assertThat(done.changed()).isTrue();
    assertThat(registry.state(replica)).isEqualTo(FAILOVER);
    assertThat(claim(replica, THEIRS, UNDO_FAILOVER).from()).isEqualTo(FAILOVER);
  }

  @Test
  void answersUnchangedWhenTheOperationReleasedTheReplicaAlready() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);
    Mandate mandate = mandate(OURS, claim.fence(), 1);
    release(replica, mandate);

    Done second = claims.attempt(2).releaseReplica(new ReleaseReplica(mandate, replica.id()));

    assertThat(second).isEqualTo(new Done(false, 2));
  }

  @Test
  void refusesToClaimAgainWhatTheOperationReleased() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);
    release(replica, mandate(OURS, claim.fence(), 1));

    assertFault(Fault.REFUSED, () -> claim(replica, OURS, PARTIAL_FAILOVER));

    assertThat(claim(replica, THEIRS, PARTIAL_FAILOVER).from()).isEqualTo(READY);
  }

  @Test
  void saysWhichAttemptAnswers() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claims.attempt(3).claimReplica(claimRequest(replica, OURS, PARTIAL_FAILOVER));
    Mandate mandate = mandate(OURS, claim.fence(), 1);

    assertThat(claim.attempt()).isEqualTo(3);
    assertThat(
            claims
                .attempt(4)
                .moveReplica(new MoveReplica(mandate, replica.id(), FAILOVER))
                .attempt())
        .isEqualTo(4);
  }

  @Test
  void fencesOffWhoeverDoesNotHoldTheReplica() {
    Replica replica = registry.protect("web-01", READY);
    Claim ours = claim(replica, OURS, PARTIAL_FAILOVER);
    release(replica, mandate(OURS, ours.fence(), 1));
    Claim theirs = claim(replica, THEIRS, PARTIAL_FAILOVER);
    hold(replica, mandate(THEIRS, theirs.fence(), 1));

    Mandate late = mandate(OURS, ours.fence(), 2);
    for (ThrowingCallable call : everyChange(replica, late).subList(0, 4)) {
      assertFault(Fault.FENCED, call);
    }
    for (ThrowingCallable call : everyChange(replica, mandate(NOBODYS, theirs.fence(), 2))) {
      assertFault(Fault.FENCED, call);
    }
    assertThat(release(replica, late).changed()).as("the answer to its release was lost").isFalse();

    assertThat(registry.state(replica)).isEqualTo(READY);
    assertThat(registry.isOnHold(replica)).isTrue();
    assertFault(Fault.REFUSED, () -> claim(replica, OURS, PARTIAL_FAILOVER));
  }

  @Test
  void fencesOffAStepOfTheSameOperationThatWakesUpLate() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);
    hold(replica, mandate(OURS, claim.fence(), 5));

    for (ThrowingCallable call : everyChange(replica, mandate(OURS, claim.fence(), 4))) {
      assertFault(Fault.FENCED, call);
    }

    assertThat(registry.state(replica)).isEqualTo(READY);
    assertThat(registry.isOnHold(replica)).isTrue();
    assertFault(Fault.REFUSED, () -> claim(replica, THEIRS, PARTIAL_FAILOVER));
  }

  @Test
  void saysThatTheRegistryDoesNotAnswer() {
    Replica replica = registry.protect("web-01", READY);
    Claim claim = claim(replica, OURS, PARTIAL_FAILOVER);
    registry.breakRegistry();

    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> claim(replica, OURS, PARTIAL_FAILOVER));
    for (ThrowingCallable call : everyChange(replica, mandate(OURS, claim.fence(), 1))) {
      assertFault(Fault.REGISTRY_UNAVAILABLE, call);
    }
  }

  private Done move(Replica replica, Mandate mandate, ReplicaState to) {
    return claims.call().moveReplica(new MoveReplica(mandate, replica.id(), to));
  }

  private Done remember(Replica replica, Mandate mandate, boolean ran) {
    return claims.call().rememberProduction(new RememberProduction(mandate, replica.id(), ran));
  }

  private Done resume(Replica replica, Mandate mandate) {
    return claims.call().resumeReplication(new ResumeReplication(mandate, replica.id()));
  }

  private List<ThrowingCallable> everyChange(Replica replica, Mandate mandate) {
    String id = replica.id();
    return List.of(
        () -> claims.call().moveReplica(new MoveReplica(mandate, id, FAILOVER)),
        () -> claims.call().holdReplication(new HoldReplication(mandate, id, "late")),
        () -> claims.call().resumeReplication(new ResumeReplication(mandate, id)),
        () -> claims.call().rememberProduction(new RememberProduction(mandate, id, true)),
        () -> claims.call().releaseReplica(new ReleaseReplica(mandate, id)));
  }
}
