package io.switchback.registry;

import static io.switchback.registry.Race.atOnce;
import static io.switchback.registry.Race.faultOf;
import static io.switchback.registry.TestRegistry.mandate;
import static io.switchback.registry.TestRegistry.operationId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Lifecycle;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Fence;
import io.switchback.model.Replica;
import io.switchback.port.CatalogueActivities.RecordGreetings;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.HoldReplication;
import io.switchback.port.ClaimActivities.MoveReplica;
import io.switchback.port.ClaimActivities.ReleaseReplica;
import io.switchback.port.ClaimActivities.ResumeReplication;
import io.switchback.port.SiteActivities.Greeting;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PostgresClaimActivitiesIT {
  private static TestRegistry registry;

  @BeforeAll
  static void open() {
    registry = new TestRegistry();
  }

  @AfterAll
  static void close() {
    registry.close();
  }

  @Test
  void answersTheClaimAsItWasGivenWhenTheSameOperationAsksAgain() {
    Replica replica = registry.ready("again");
    String operation = operationId();
    Claim first = registry.failover(replica, operation);
    registry.claims.moveReplica(
        new MoveReplica(mandate(first, operation, 4), replica.id(), ReplicaState.FAILOVER));

    assertThat(registry.failover(replica, operation)).isEqualTo(first);
    assertThat(first.from()).isEqualTo(ReplicaState.READY);
  }

  @Test
  void tellsWhoHoldsTheReplica() {
    Replica replica = registry.ready("held");
    registry.failover(replica, operationId());

    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> registry.failover(replica, operationId()))
        .satisfies(fault -> assertThat(fault.fault()).isEqualTo(Fault.REFUSED))
        .withMessageContainingAll("'fail over'", "replica/" + replica.id(), "run-1", "ada");
  }

  @Test
  void exactlyOneOfManyOperationsAtOnceWins() throws Exception {
    for (int round = 0; round < 5; round++) {
      Replica replica = registry.ready("race-" + round);
      Callable<Fault> racer = () -> faultOf(() -> registry.failover(replica, operationId()));

      List<Fault> outcomes = atOnce(Collections.nCopies(12, racer));

      assertThat(outcomes).containsOnlyOnce((Fault) null);
      assertThat(outcomes).filteredOn(fault -> fault == Fault.REFUSED).hasSize(11);
    }
  }

  @Test
  void oneOperationThatAsksManyTimesAtOnceGetsOneClaim() throws Exception {
    Replica replica = registry.ready("echo");
    String operation = operationId();
    Callable<Claim> racer = () -> registry.failover(replica, operation);

    List<Claim> answers = atOnce(Collections.nCopies(8, racer));

    assertThat(answers).hasSize(8).containsOnly(registry.failover(replica, operation));
    assertThat(registry.epoch(replica)).isEqualTo(answers.getFirst().fence().epoch());
  }

  @Test
  void everyClaimRaisesTheEpoch() {
    Replica replica = registry.ready("epoch");
    long last = registry.epoch(replica);
    for (int round = 0; round < 3; round++) {
      String operation = operationId();
      Claim claim = registry.failover(replica, operation);
      assertThat(claim.fence().epoch()).isGreaterThan(last);
      last = claim.fence().epoch();
      registry.claims.releaseReplica(
          new ReleaseReplica(mandate(claim, operation, 2), replica.id()));
    }
  }

  @Test
  void theNextCycleOutranksTheLastStepOfTheOperationBeforeIt() {
    Replica replica = registry.ready("outrank");
    String operation = operationId();
    Claim claim = registry.failover(replica, operation);
    Fence last = claim.fence().atStep(1000);
    registry.claims.releaseReplica(
        new ReleaseReplica(mandate(last, operation, 1000), replica.id()));

    assertThat(registry.begin(replica).fence()).isGreaterThan(last);
  }

  @Test
  void aReleasedOperationCannotClaimAgain() {
    Replica replica = registry.ready("late");
    String operation = operationId();
    Claim claim = registry.failover(replica, operation);
    registry.claims.releaseReplica(new ReleaseReplica(mandate(claim, operation, 2), replica.id()));
    String before = registry.everything();

    assertThat(faultOf(() -> registry.failover(replica, operation))).isEqualTo(Fault.REFUSED);
    assertThat(registry.everything()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(ReplicaState.class)
  void refusesExactlyWhatTheLifecycleForbidsAndChangesNothing(ReplicaState state) {
    for (Operation operation : Operation.values()) {
      Replica replica = registry.in(state, "table-" + state + "-" + operation);
      String before = registry.everything();

      Fault fault = faultOf(() -> registry.claim(replica, operation, operationId()));

      if (Lifecycle.allows(state, operation)) {
        assertThat(fault).as("%s from %s", operation, state).isNull();
      } else {
        assertThat(fault).as("%s from %s", operation, state).isEqualTo(Fault.REFUSED);
        assertThat(registry.everything()).isEqualTo(before);
      }
    }
  }

  @Test
  void aRefusalSaysWhatIsAllowedNow() {
    Replica replica = registry.in(ReplicaState.FAILOVER, "allowed");

    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> registry.failover(replica, operationId()))
        .withMessage(
            Lifecycle.refusal("allowed", ReplicaState.FAILOVER, Operation.PARTIAL_FAILOVER)
                .orElseThrow());
  }

  @Test
  void refusesAReplicaThatIsNotInTheRegistry() {
    assertThat(
            faultOf(
                () ->
                    registry.claims.claimReplica(
                        new io.switchback.port.ClaimActivities.ClaimReplica(
                            "o",
                            Operation.PARTIAL_FAILOVER,
                            "nobody.0",
                            "w",
                            "r",
                            "ada",
                            null,
                            null))))
        .isEqualTo(Fault.REFUSED);
  }

  @Test
  void movesOnlyToWhereTheOperationLeadsOrCameFrom() {
    Replica replica = registry.ready("moves");
    String operation = operationId();
    Claim claim = registry.failover(replica, operation);

    assertThat(move(replica, claim, operation, 2, ReplicaState.FAILOVER)).isTrue();
    assertThat(move(replica, claim, operation, 2, ReplicaState.FAILOVER)).isFalse();
    assertThat(faultOf(() -> move(replica, claim, operation, 3, ReplicaState.PERMANENT)))
        .isEqualTo(Fault.REFUSED);
    assertThat(registry.state(replica)).isEqualTo(ReplicaState.FAILOVER);
    assertThat(move(replica, claim, operation, 4, ReplicaState.READY)).isTrue();
    assertThat(registry.state(replica)).isEqualTo(ReplicaState.READY);
  }

  @Test
  void aStepThatWakesUpLateIsFenced() {
    Replica replica = registry.ready("zombie");
    String operation = operationId();
    Claim claim = registry.failover(replica, operation);
    move(replica, claim, operation, 9, ReplicaState.READY);
    String before = registry.everything();

    assertThat(faultOf(() -> move(replica, claim, operation, 5, ReplicaState.FAILOVER)))
        .isEqualTo(Fault.FENCED);
    assertThat(
            faultOf(
                () ->
                    registry.claims.holdReplication(
                        new HoldReplication(mandate(claim, operation, 5), replica.id(), "late"))))
        .isEqualTo(Fault.FENCED);
    assertThat(registry.everything()).isEqualTo(before);
  }

  @Test
  void everyChangeOfAnOperationThatDoesNotHoldTheReplicaIsFenced() {
    Replica replica = registry.ready("foreign");
    String operation = operationId();
    Claim claim = registry.failover(replica, operation);
    for (var mandate :
        List.of(
            mandate(claim, operationId(), 2),
            mandate(new Fence(1, claim.fence().epoch() - 1, 2, 1), operation, 2),
            mandate(new Fence(2, claim.fence().epoch(), 2, 1), operation, 2))) {
      String before = registry.everything();
      assertThat(
              List.of(
                  faultOf(
                      () ->
                          registry.claims.moveReplica(
                              new MoveReplica(mandate, replica.id(), ReplicaState.FAILOVER))),
                  faultOf(
                      () ->
                          registry.claims.holdReplication(
                              new HoldReplication(mandate, replica.id(), "why"))),
                  faultOf(
                      () ->
                          registry.claims.resumeReplication(
                              new ResumeReplication(mandate, replica.id()))),
                  faultOf(
                      () ->
                          registry.claims.releaseReplica(
                              new ReleaseReplica(mandate, replica.id())))))
          .containsOnly(Fault.FENCED);
      assertThat(registry.everything()).isEqualTo(before);
    }
  }

  @Test
  void releasesOnceAndKeepsTheState() {
    Replica replica = registry.ready("release");
    String operation = operationId();
    Claim claim = registry.failover(replica, operation);
    move(replica, claim, operation, 2, ReplicaState.FAILOVER);
    ReleaseReplica release = new ReleaseReplica(mandate(claim, operation, 3), replica.id());

    assertThat(registry.claims.releaseReplica(release).changed()).isTrue();
    assertThat(registry.claims.releaseReplica(release).changed()).isFalse();
    assertThat(registry.state(replica)).isEqualTo(ReplicaState.FAILOVER);
    assertThat(faultOf(() -> move(replica, claim, operation, 4, ReplicaState.READY)))
        .isEqualTo(Fault.FENCED);
  }

  @Test
  void holdsAndResumesOnce() {
    Replica replica = registry.ready("hold");
    String operation = operationId();
    Claim claim = registry.failover(replica, operation);
    HoldReplication hold =
        new HoldReplication(mandate(claim, operation, 2), replica.id(), "failing over");
    ResumeReplication resume = new ResumeReplication(mandate(claim, operation, 3), replica.id());

    assertThat(registry.claims.holdReplication(hold).changed()).isTrue();
    assertThat(registry.claims.holdReplication(hold).changed()).isFalse();
    assertThat(registry.claims.resumeReplication(resume).changed()).isTrue();
    assertThat(registry.claims.resumeReplication(resume).changed()).isFalse();
  }

  @Test
  void anotherOperationEndsTheHoldThatAnEarlierOneLeft() {
    Replica replica = registry.ready("hold-stays");
    String failover = operationId();
    Claim claim = registry.failover(replica, failover);
    registry.claims.holdReplication(
        new HoldReplication(mandate(claim, failover, 2), replica.id(), "failed over"));
    move(replica, claim, failover, 3, ReplicaState.FAILOVER);
    registry.claims.releaseReplica(new ReleaseReplica(mandate(claim, failover, 4), replica.id()));
    String undo = operationId();
    Claim undoClaim = registry.claim(replica, Operation.UNDO_FAILOVER, undo);

    assertThat(
            registry
                .claims
                .resumeReplication(new ResumeReplication(mandate(undoClaim, undo, 2), replica.id()))
                .changed())
        .isTrue();
  }

  @Test
  void refusesClaimsWhenASiteHasSeenAHigherGeneration() {
    try (TestRegistry restored = new TestRegistry()) {
      Replica replica = restored.ready("restored");
      Claim held = restored.failover(restored.ready("before"), "early");
      restored.catalogue.recordGreetings(
          new RecordGreetings(
              List.of(new Greeting("dr", "site.dr", "w1", "b1", null, 7, 0, TestRegistry.NOON))));
      String before = restored.everything();

      assertThatExceptionOfType(FaultException.class)
          .isThrownBy(() -> restored.failover(replica, operationId()))
          .satisfies(fault -> assertThat(fault.fault()).isEqualTo(Fault.FENCE_AHEAD))
          .withMessageContainingAll("'dr'", "7", "1");
      assertThat(restored.everything()).isEqualTo(before);
      assertThat(held.fence().generation()).isEqualTo(1);
    }
  }

  private static boolean move(
      Replica replica, Claim claim, String operation, long step, ReplicaState to) {
    return registry
        .claims
        .moveReplica(new MoveReplica(mandate(claim, operation, step), replica.id(), to))
        .changed();
  }
}
