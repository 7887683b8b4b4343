package io.switchback.registry;

import static io.switchback.registry.Race.atOnce;
import static io.switchback.registry.Race.faultOf;
import static io.switchback.registry.TestRegistry.NOON;
import static io.switchback.registry.TestRegistry.completion;
import static io.switchback.registry.TestRegistry.mandate;
import static io.switchback.registry.TestRegistry.operationId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.HoldReplication;
import io.switchback.port.ClaimActivities.MoveReplica;
import io.switchback.port.ClaimActivities.ReleaseReplica;
import io.switchback.port.CycleActivities.AbandonCycle;
import io.switchback.port.CycleActivities.BeginCycle;
import io.switchback.port.CycleActivities.CompleteCycle;
import io.switchback.port.CycleActivities.CycleEnd;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.CycleActivities.CycleStart;
import io.switchback.port.CycleActivities.ForgetRestorePoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PostgresCycleActivitiesIT {
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
  void theFirstCycleHasNoPointToStandOnAndMakesTheReplicaReady() {
    Replica replica = registry.seeding("first");

    CyclePlan plan = registry.begin(replica);

    assertThat(plan.newest()).isNull();
    assertThat(plan.changeIds()).isEmpty();
    assertThat(plan.replica()).isEqualTo(replica);
    assertThat(plan.quiesced()).isTrue();
    registry.complete(plan, NOON);
    assertThat(registry.state(replica)).isEqualTo(ReplicaState.READY);
  }

  @Test
  void theNextCycleStandsOnTheNewestPointAndItsChangeIds() {
    Replica replica = registry.seeding("next");
    CyclePlan first = registry.begin(replica);
    registry.complete(first, NOON);

    CyclePlan second = registry.begin(replica);

    assertThat(second.number()).isEqualTo(first.number() + 1);
    assertThat(second.fence()).isGreaterThan(first.fence());
    assertThat(second.fence().step()).isEqualTo(second.number());
    assertThat(second.newest()).isEqualTo(completion(first, NOON).restorePoint());
    assertThat(second.changeIds()).isEqualTo(Map.of("next-disk-0", "change-" + first.number()));
  }

  @Test
  void comparesBothDisksInFullAsOftenAsThePolicySays() {
    Replica replica = registry.seeding("compared");
    every(replica, Duration.ofDays(7));
    CyclePlan first = registry.begin(replica);
    assertThat(first.compare()).as("there is nothing to compare with").isEmpty();
    registry.complete(first, NOON);

    CyclePlan second = registry.begin(replica);
    assertThat(second.compare()).endsWith("has both disks compared every PT168H");
    registry.cycles.completeCycle(compared(completion(second, NOON.plusSeconds(60))));

    assertThat(registry.begin(replica).compare()).isEmpty();
    assertThat(
            registry.sql(
                "update replica set compared_at = compared_at - interval '7 days' where id = '%s'"
                    .formatted(replica.id())))
        .isEqualTo(1);
    assertThat(registry.begin(replica).compare()).isNotEmpty();
    every(replica, null);
    assertThat(registry.begin(replica).compare()).isEmpty();
  }

  /** Puts the replica alone under a policy of its own. */
  private void every(Replica replica, @Nullable Duration compareEvery) {
    Policy hourly = Policy.every("compared", Duration.ofHours(1));
    registry.database.inTransaction(
        jdbc -> {
          Policies.write(jdbc, compareEvery == null ? hourly : hourly.comparing(compareEvery));
          return jdbc.sql("update replica set policy = 'compared' where id = :id")
              .param("id", replica.id())
              .update();
        });
  }

  private static CompleteCycle compared(CompleteCycle request) {
    return new CompleteCycle(
        request.replicaId(),
        request.number(),
        request.fence(),
        request.restorePoint(),
        request.changeIds(),
        request.sentBytes(),
        request.took(),
        true,
        null);
  }

  @Test
  void countsUpAtEachBegin() {
    Replica replica = registry.ready("count");
    long first = registry.begin(replica).number();

    assertThat(registry.begin(replica).number()).isEqualTo(first + 1);
  }

  @Test
  void refusesForGoodWhatIsProductionNow() {
    Replica replica = registry.in(ReplicaState.PERMANENT, "permanent");

    assertThatThrownBy(() -> registry.cycles.beginCycle(new BeginCycle(replica.id())))
        .isInstanceOfSatisfying(
            FaultException.class, fault -> assertThat(fault.fault()).isEqualTo(Fault.REFUSED))
        .hasMessageContaining("it is production now");
  }

  @ParameterizedTest
  @EnumSource(value = ReplicaState.class, mode = EnumSource.Mode.EXCLUDE, names = "PERMANENT")
  void beginsOnlyInAStateThatReplicates(ReplicaState state) {
    Replica replica = registry.in(state, "state-" + state);

    CycleStart start = registry.cycles.beginCycle(new BeginCycle(replica.id()));

    boolean replicates = state == ReplicaState.SEEDING || state == ReplicaState.READY;
    assertThat(start.plan() != null).isEqualTo(replicates);
    assertThat(start.waitingFor().isEmpty()).isEqualTo(replicates);
    assertThat(start.interval()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void doesNotBeginWhileClaimedOrOnHoldAndSaysWhy() {
    Replica replica = registry.ready("waits");
    String operation = operationId();
    Claim claim = registry.failover(replica, operation);
    assertThat(registry.cycles.beginCycle(new BeginCycle(replica.id())).waitingFor())
        .contains("fail over", "replica/" + replica.id());
    registry.claims.holdReplication(
        new HoldReplication(mandate(claim, operation, 2), replica.id(), "failing over"));
    registry.claims.releaseReplica(new ReleaseReplica(mandate(claim, operation, 3), replica.id()));

    CycleStart start = registry.cycles.beginCycle(new BeginCycle(replica.id()));

    assertThat(start.plan()).isNull();
    assertThat(start.waitingFor()).contains("on hold", "failing over");
  }

  @Test
  void answersTheSameWhenACompletionIsAskedAgain() {
    Replica replica = registry.seeding("complete-again");
    List<CycleEnd> ends = new ArrayList<>();
    CyclePlan plan = null;
    for (int cycle = 0; cycle < 5; cycle++) {
      plan = registry.begin(replica);
      ends.add(registry.complete(plan, NOON.plusSeconds(cycle)));
    }
    String before = registry.everything();

    assertThat(registry.complete(plan, NOON.plusSeconds(4))).isEqualTo(ends.getLast());
    assertThat(ends.getLast().expired()).hasSize(2);
    assertThat(registry.everything()).isEqualTo(before);
  }

  @Test
  void aClaimSinceTheBeginningFencesTheCycleEvenWhenItIsReleased() {
    Replica replica = registry.ready("preempted");
    CyclePlan plan = registry.begin(replica);
    String operation = operationId();
    Claim claim = registry.failover(replica, operation);
    String claimed = registry.everything();
    assertThat(faultOf(() -> registry.complete(plan, NOON))).isEqualTo(Fault.FENCED);
    assertThat(registry.everything()).isEqualTo(claimed);

    registry.claims.releaseReplica(new ReleaseReplica(mandate(claim, operation, 2), replica.id()));
    String released = registry.everything();
    assertThat(faultOf(() -> registry.complete(plan, NOON))).isEqualTo(Fault.FENCED);
    assertThat(registry.everything()).isEqualTo(released);
  }

  @Test
  void aCycleThatALaterOneHasOvertakenIsFenced() {
    Replica replica = registry.ready("overtaken");
    CyclePlan early = registry.begin(replica);
    registry.begin(replica);

    assertThat(faultOf(() -> registry.complete(early, NOON))).isEqualTo(Fault.FENCED);
  }

  @Test
  void ofAClaimAndACompletionAtOnceTheCompletionIsFirstOrFenced() throws Exception {
    for (int round = 0; round < 25; round++) {
      Replica replica = registry.ready("race-" + round);
      CyclePlan plan = registry.begin(replica);
      Callable<Fault> claim = () -> faultOf(() -> registry.failover(replica, operationId()));
      Callable<Fault> complete = () -> faultOf(() -> registry.complete(plan, NOON.plusSeconds(1)));

      List<Fault> outcomes = atOnce(List.of(claim, complete));

      assertThat(outcomes.getFirst()).isNull();
      assertThat(points(replica)).isEqualTo(outcomes.getLast() == null ? 2 : 1);
      assertThat(outcomes.getLast()).isIn(null, Fault.FENCED);
    }
  }

  @Test
  void ofAClaimAndABeginningAtOnceNoCycleOutranksTheClaim() throws Exception {
    for (int round = 0; round < 25; round++) {
      Replica replica = registry.ready("begin-race-" + round);
      Callable<Object> claim = () -> registry.failover(replica, operationId());
      Callable<Object> begin = () -> registry.cycles.beginCycle(new BeginCycle(replica.id()));

      List<Object> outcomes = atOnce(List.of(claim, begin));

      CyclePlan plan = ((CycleStart) outcomes.getLast()).plan();
      if (plan != null) {
        assertThat(plan.fence()).isLessThan(((Claim) outcomes.getFirst()).fence());
      }
    }
  }

  @Test
  void retentionLetsTheOldestGoAndNeverTheNewest() {
    Replica replica = registry.seeding("retention");
    List<RestorePoint> taken = new ArrayList<>();
    CycleEnd end = null;
    for (int cycle = 0; cycle < 5; cycle++) {
      CyclePlan plan = registry.begin(replica);
      taken.add(completion(plan, NOON.plusSeconds(cycle)).restorePoint());
      end = registry.complete(plan, NOON.plusSeconds(cycle));
    }

    assertThat(end.expired()).isEqualTo(taken.subList(0, 2));
  }

  @Test
  void retentionOfOneKeepsTheNewest() {
    try (TestRegistry strict = new TestRegistry()) {
      strict.policy = TestRegistry.policy(1);
      Replica replica = strict.seeding("one");

      assertThat(strict.cycle(replica, NOON).expired()).isEmpty();
      CycleEnd second = strict.cycle(replica, NOON.plusSeconds(1));

      assertThat(second.expired()).hasSize(1);
      assertThat(strict.begin(replica).newest()).isNotIn(second.expired());
    }
  }

  @Test
  void letsNoPointGoWhileAnOperationHoldsTheReplica() {
    Replica replica = registry.seeding("in-use");
    CyclePlan plan = null;
    for (int cycle = 0; cycle < 4; cycle++) {
      plan = registry.begin(replica);
      registry.complete(plan, NOON.plusSeconds(cycle));
    }
    registry.failover(replica, operationId());

    assertThat(registry.complete(plan, NOON.plusSeconds(3)).expired()).isEmpty();
  }

  @Test
  void forgetsAPointOnceAndNeverTheNewest() {
    Replica replica = registry.ready("forget");
    String oldest = registry.begin(replica).newest().id();
    registry.cycle(replica, NOON.plusSeconds(1));
    String newest = registry.begin(replica).newest().id();
    ForgetRestorePoint forget = new ForgetRestorePoint(replica.id(), oldest);

    assertThat(registry.cycles.forgetRestorePoint(forget).changed()).isTrue();
    assertThat(registry.cycles.forgetRestorePoint(forget).changed()).isFalse();
    assertThat(
            faultOf(
                () ->
                    registry.cycles.forgetRestorePoint(
                        new ForgetRestorePoint(replica.id(), newest))))
        .isEqualTo(Fault.REFUSED);
    assertThat(points(replica)).isEqualTo(1);
  }

  @Test
  void recordsWhyACycleCameToNothingOnceAndForgetsItWithTheNextPoint() {
    Replica replica = registry.ready("abandon");
    CyclePlan plan = registry.begin(replica);
    AbandonCycle abandon = new AbandonCycle(replica.id(), plan.number(), "datastore full");

    assertThat(registry.cycles.abandonCycle(abandon).changed()).isTrue();
    assertThat(registry.cycles.abandonCycle(abandon).changed()).isFalse();
    assertThat(problem(replica)).isEqualTo("datastore full");

    registry.cycle(replica, NOON.plusSeconds(1));
    assertThat(problem(replica)).isEmpty();
    assertThat(registry.cycles.abandonCycle(abandon).changed()).isFalse();
    assertThat(problem(replica)).isEmpty();
  }

  @Test
  void refusesAReplicaThatIsNoLongerProtected() {
    CyclePlan plan = registry.begin(registry.ready("unprotected"));
    String gone = plan.replica().id();
    registry.sql("delete from replica where id = '" + gone + "'");

    assertThat(
            List.of(
                faultOf(() -> registry.cycles.beginCycle(new BeginCycle(gone))),
                faultOf(() -> registry.complete(plan, NOON)),
                faultOf(() -> registry.cycles.abandonCycle(new AbandonCycle(gone, 1, "why"))),
                faultOf(
                    () -> registry.cycles.forgetRestorePoint(new ForgetRestorePoint(gone, "p")))))
        .containsOnly(Fault.REFUSED);
  }

  @Test
  void cyclesGoOnAfterAFailoverWasUndone() {
    Replica replica = registry.ready("undone");
    String failover = operationId();
    Claim claim = registry.failover(replica, failover);
    for (ReplicaState state : List.of(ReplicaState.FAILOVER, ReplicaState.READY)) {
      registry.claims.moveReplica(
          new MoveReplica(
              mandate(claim, failover, state == ReplicaState.READY ? 40 : 20),
              replica.id(),
              state));
    }
    registry.claims.releaseReplica(new ReleaseReplica(mandate(claim, failover, 41), replica.id()));

    assertThat(registry.cycle(replica, NOON.plusSeconds(9)).expired()).isEmpty();
    assertThat(points(replica)).isEqualTo(2);
  }

  private static int points(Replica replica) {
    return Integer.parseInt(
        registry.text(
            "select count(*)::text from restore_point where replica_id = '" + replica.id() + "'"));
  }

  private static String problem(Replica replica) {
    return registry.text(
        "select coalesce(last_problem, '') from replica where id = '" + replica.id() + "'");
  }
}
