package io.switchback.registry;

import static io.switchback.registry.TestRegistry.NOON;
import static io.switchback.registry.TestRegistry.mandate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Consistency;
import io.switchback.model.DiskPair;
import io.switchback.model.Failback;
import io.switchback.model.FailbackTo;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.SomeFailback;
import io.switchback.model.VmRef;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.ReleaseReplica;
import io.switchback.port.CycleActivities.BeginCycle;
import io.switchback.port.CycleActivities.Question;
import io.switchback.port.FailbackActivities.BeginFailback;
import io.switchback.port.FailbackActivities.CompleteSwitch;
import io.switchback.port.FailbackActivities.EndFailback;
import io.switchback.port.ProtectionActivities.ReserveReplica;
import io.switchback.registry.EstateView.FailbackView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;

class PostgresFailbackActivitiesIT {
  private static final Instant SUNDAY = NOON.plusSeconds(259_200);
  private static TestRegistry registry;
  private static PostgresFailbackActivities failbacks;

  @BeforeAll
  static void open() {
    registry = new TestRegistry();
    failbacks = new PostgresFailbackActivities(registry.database, TestRegistry.FIRST);
  }

  @AfterAll
  static void close() {
    registry.close();
  }

  /** A replica that serves, held for its failback. */
  private record Held(Replica replica, Claim claim, String operationId) {
    void begin(Failback failback) {
      var _ = failbacks.beginFailback(new BeginFailback(step(1), replica.id(), failback));
    }

    void complete() {
      var _ =
          failbacks.completeSwitch(
              new CompleteSwitch(
                  step(2),
                  replica.id(),
                  new RestorePoint("protective", "protective", NOON, Consistency.CRASH),
                  Map.of()));
    }

    void takeBack() {
      var _ =
          failbacks.endFailback(new EndFailback(step(3), replica.id(), false, "ada", "not now"));
    }

    io.switchback.model.Mandate step(long number) {
      return mandate(claim, operationId, number);
    }
  }

  private static Held held(String name) {
    Replica replica = registry.in(ReplicaState.FAILOVER, name);
    String operation = TestRegistry.operationId();
    return new Held(replica, registry.claim(replica, Operation.FAILBACK, operation), operation);
  }

  private static Failback to(VmRef target, Replica replica) {
    List<DiskPair> disks =
        replica.disks().stream()
            .map(
                disk ->
                    new DiskPair(
                        target.id() + "-" + disk.productionDisk(),
                        disk.recoveryDisk(),
                        disk.capacityBytes()))
            .toList();
    return SomeFailback.to(FailbackTo.RESTORED, replica, target, disks)
        .targetRan()
        .scheduled(SUNDAY)
        .build();
  }

  private static VmRef restored(String name) {
    return new VmRef("prod", "vm-restored-" + name, name + "-restored");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update failback set switchover = 'MANUAL'",
        "update failback set switch_at = null",
        "update failback set round_snapshot = 'round'",
        "update failback set target_disks = '[]'",
        "update failback set protective_point = 'no such point'",
        "update failback set target_site = 'dr'",
        "delete from restore_point where id = 'protective'",
        "insert into failback select * from failback"
      })
  void letsNoStatementMakeItWhatItMustNotBe(String statement) {
    Held held = held("constrained-" + statement.hashCode());
    held.begin(to(restored(held.replica().name()), held.replica()));
    held.complete();

    assertThatExceptionOfType(DataIntegrityViolationException.class)
        .isThrownBy(() -> registry.sql(statement));
  }

  @Test
  void letsTwoReplicasNotGoBackToTheSameVm() {
    Held first = held("first");
    Held second = held("second");
    first.begin(to(restored("both"), first.replica()));

    assertThat(Race.faultOf(() -> second.begin(to(restored("both"), second.replica()))))
        .isEqualTo(Fault.REFUSED);
  }

  @Test
  void letsEitherAFailbackOrAProtectionHaveTheVm() throws Exception {
    PostgresProtectionActivities protection =
        new PostgresProtectionActivities(registry.database, TestRegistry.FIRST);
    for (int round = 0; round < 10; round++) {
      Held held = held("race-" + round);
      VmRef vm = restored("race-" + round);
      ReserveReplica reserve =
          new ReserveReplica(
              TestRegistry.operationId(), vm.name() + ".9", vm, "dr", "protect", "run", "ada");
      List<Callable<Boolean>> both =
          List.of(
              () -> Race.faultOf(() -> held.begin(to(vm, held.replica()))) == null,
              () -> Race.faultOf(() -> protection.reserveReplica(reserve)) == null);

      assertThat(Race.atOnce(both)).containsExactlyInAnyOrder(true, false);
    }
  }

  @Test
  void namesTheTargetsDisksAlsoInThePointsThatThereAre() {
    Held held = held("points");
    String before = pairs(held.replica());
    assertThat(before).contains("points-disk-0").doesNotContain("vm-restored");
    held.begin(to(restored("points"), held.replica()));

    held.complete();
    assertThat(registry.text(pairsSql(held.replica(), "max")))
        .isEqualTo(pairs(held.replica()))
        .contains("vm-restored-points-points-disk-0", "vm-restored-points-points-disk-1");

    held.takeBack();
    assertThat(pairs(held.replica())).isEqualTo(before);
    assertThat(registry.text("select count(*)::text from vm where id = 'vm-restored-points'"))
        .isEqualTo("0");
  }

  private static String pairs(Replica replica) {
    return registry.text(pairsSql(replica, "min"));
  }

  /** The pairs of the oldest point, or of the newest. */
  private static String pairsSql(Replica replica, String which) {
    return "select disks::text from restore_point where replica_id = '%s' and cycle = (select %s(cycle) from restore_point where replica_id = '%s')"
        .formatted(replica.id(), which, replica.id());
  }

  @Test
  void givesTheNumberOfTheProtectivePointToNoCycle() {
    Held held = held("numbers");
    Question late = new Question("run", 7);
    registry.sql(
        "update replica set asked_run = 'run', asked_number = 7 where id = '%s'"
            .formatted(held.replica().id()));
    held.begin(to(restored("numbers"), held.replica()));
    held.complete();
    registry.claims.releaseReplica(new ReleaseReplica(held.step(4), held.replica().id()));
    registry.sql(
        "update replica set state = 'READY' where id = '%s'".formatted(held.replica().id()));
    long taken = cycle(held.replica());

    long given =
        Objects.requireNonNull(
                registry.cycles.beginCycle(new BeginCycle(held.replica().id(), "", late)).plan())
            .number();

    assertThat(given).isGreaterThan(taken);
  }

  private static long cycle(Replica replica) {
    return Long.parseLong(
        registry.text("select cycle::text from replica where id = '" + replica.id() + "'"));
  }

  @Test
  void showsWhereItGoesAndWhenTheSwitchIsDue() {
    Held held = held("shown");
    Failback failback = to(restored("shown"), held.replica());
    held.begin(failback);

    List<FailbackView> shown = new ArrayList<>();
    new Estate(registry.database)
        .read(1).replicas().stream()
            .filter(view -> view.replica().id().equals(held.replica().id()))
            .forEach(view -> shown.add(view.failback()));

    assertThat(shown).extracting(FailbackView::failback).containsExactly(failback);
  }
}
