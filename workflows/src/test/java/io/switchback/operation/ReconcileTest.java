package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.Effect;
import io.temporal.client.WorkflowStub;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs that die after each of their steps, and every way that is then offered. */
@Tag("long")
class ReconcileTest {
  @AutoClose private final Estate estate = new Estate();
  private final Deaths deaths = new Deaths(estate, this::assertConsistent);

  @BeforeEach
  void extendNetworks() {
    estate.extendNetworks();
  }

  @Test
  void aFailoverThatDiedAfterAnyStepIsSettledEitherWay() {
    assertThat(
            deaths.settleEvery(
                "PartialFailover",
                estate::vm,
                replica ->
                    "{\"vms\":[{\"name\":\"%s\",\"restorePoint\":\"%s-0001\"}]}"
                        .formatted(replica.name(), replica.name())))
        .contains(
            "revert, roll back", "revert, roll forward", "powerOn, adopt", "verify, roll back");
  }

  @Test
  void anUndoThatDiedAfterAnyStepIsSettledAndWritesAreLostOnlyWhereItIsSaid() {
    assertThat(deaths.settleEvery("UndoFailover", this::failedOver, ReconcileTest::named))
        .contains("claim, adopt", "powerOff, roll back", "revert, roll forward")
        .doesNotContain("revert, roll back", "resume, roll back");
  }

  @Test
  void aPermanentFailoverThatDiedAfterItsPointOfNoReturnOnlyGoesForward() {
    assertThat(
            deaths.settleEvery(
                "PermanentFailover",
                this::failedOver,
                replica ->
                    "{\"vms\":[{\"name\":\"%s\",\"confirm\":\"remove 2 restore points of %s\"}]}"
                        .formatted(replica.name(), replica.name())))
        .contains("claim, roll back", "letGo, roll forward", "moveToPERMANENT, roll forward")
        .doesNotContain("letGo, roll back", "removePoint, roll back", "exclude, roll back");
  }

  @Test
  void anAdoptionThatDiedAfterAnyStepIsSettledEitherWay() {
    assertThat(deaths.settleEvery("Adopt", this::runningByHand, ReconcileTest::named))
        .contains("hold, roll back", "verify, roll forward");
  }

  @Test
  void showsWhatEachSaysAndChangesNothing() {
    Replica replica = diedAt("powerOnVm");
    List<Effect> effects = estate.recovery.effects();

    MemberResult shown = reconcile(replica, "");

    Reconciliation seen = requireNonNull(shown.reconciliation());
    assertThat(shown.outcome()).isEqualTo(Outcome.DONE);
    assertThat(seen.operation()).isEqualTo("fail over");
    assertThat(seen.run()).contains("'fail over' of replica/", "CLOSED", "TERMINATED");
    assertThat(seen.registry())
        .isEqualTo(
            "READY, came from READY; replication is on hold (fail over); 2 restore points; it keeps"
                + " 1 places");
    assertThat(seen.hypervisor()).contains("is ON", "stands on 'point-2' with 0 bytes on top");
    assertThat(seen.production()).contains("is OFF");
    assertThat(seen.appliances()).isEqualTo("no network is extended for it");
    assertThat(seen.ways())
        .extracting(Way::choose)
        .containsExactly("adopt", "roll forward", "roll back");
    assertThat(estate.recovery.effects()).isEqualTo(effects);
    assertThat(estate.registry.isClaimed(replica.id())).isTrue();
    assertThat(estate.registry.effects("takeOver", replica.id())).isZero();
  }

  @Test
  void refusesAClaimWhoseRunLivesAndNamesTheRun() {
    Replica replica = estate.vm("web-01");
    estate.recovery.script().fail("powerOnVm", "r-web-01", Fault.NO_CAPACITY, 1);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.parked(replica);

    WorkflowStub second = estate.start("Reconcile", Deaths.input(replica, "roll back"));
    MemberResult refused = estate.resultBesideParked(second).members().getFirst();

    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.notes())
        .singleElement()
        .asString()
        .contains("another operation holds it, see run 'replica/id-web-01'");
    assertThat(estate.registry.effects("takeOver", replica.id())).isZero();
    run.update("answer", String.class, new Answer("*", null, "abort", null, null));
    estate.result(run);
  }

  @Test
  void refusesAWayThatDoesNotFitWithThoseThatDo() {
    Replica replica = diedAt("claimReplica");

    MemberResult refused = reconcile(replica, "adopt");

    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.notes())
        .anySatisfy(
            note ->
                assertThat(note)
                    .contains("'adopt' does not fit")
                    .contains("'roll forward' (reverts it to")
                    .contains("'roll back' ("));
    assertThat(estate.registry.isClaimed(replica.id())).isTrue();
  }

  @Test
  void whatNoOperationHoldsHasNothingToSettle() {
    Replica replica = estate.vm("web-01");

    assertThat(requireNonNull(reconcile(replica, "").reconciliation()).ways()).isEmpty();
    MemberResult refused = reconcile(replica, "roll back");

    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.notes()).anySatisfy(note -> assertThat(note).contains("nothing to settle"));
  }

  @Test
  void aReconcileThatDiesIsReconciledByTheNext() {
    Replica replica = diedAt("powerOnVm");
    estate
        .recovery
        .script()
        .after("powerOffVm", "*", () -> estate.member(replica).terminate("test"));
    assertThat(deaths.diesIn("Reconcile", Deaths.input(replica, "roll back"), replica)).isTrue();
    assertThat(estate.registry.isClaimed(replica.id())).isTrue();

    Reconciliation seen = requireNonNull(reconcile(replica, "").reconciliation());
    assertThat(seen.operation()).isEqualTo("fail over");
    assertThat(seen.ways()).extracting(Way::choose).containsExactly("roll forward", "roll back");
    MemberResult settled = reconcile(replica, "roll back");

    assertThat(settled.outcome()).isEqualTo(Outcome.DONE);
    assertReady(replica);
  }

  @Test
  void aReconcileIsNeverAbortedAndParksWithTheWayOutThatRemains() {
    Replica replica = diedAt("powerOnVm");
    estate.recovery.script().fail("powerOffVm", "*", Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("Reconcile", Deaths.input(replica, "roll back"));
    assertThat(estate.parked(replica).answers()).containsExactly("retry", "reconcile");
    estate.member(replica).cancel();

    estate.answer(replica, "retry");

    assertThat(estate.resultOfOne(run).outcome()).isEqualTo(Outcome.DONE);
    assertReady(replica);
  }

  @Test
  void asksForAWordBeforeAReplicaStartsBesideItsProduction() {
    Replica replica = diedAt("claimReplica");
    estate.production.power(replica.production(), PowerState.ON);
    WorkflowStub run = estate.start("Reconcile", Deaths.input(replica, "roll forward"));

    assertThat(estate.parked(replica).step()).isEqualTo("productionStillRuns");
    assertThat(estate.parked(replica).answers())
        .containsExactly("acknowledge", "retry", "reconcile");
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.OFF);
    estate
        .member(replica)
        .update("answer", String.class, new Answer(null, null, "acknowledge", "kim", "cut off"));

    assertThat(estate.resultOfOne(run).outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void aMemberLeftForReconcileIsSettled() {
    Replica replica = estate.vm("web-01");
    estate.checks.script().fail("verifyGuest", "*", Fault.PROOF_FAILED, 1);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.parked(replica);
    run.update("answer", String.class, new Answer("*", null, "reconcile", "ada", "looks wrong"));
    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.LEFT_FOR_RECONCILE);

    assertThat(reconcile(replica, "roll forward").outcome()).isEqualTo(Outcome.DONE);

    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
    assertThat(estate.registry.audit())
        .filteredOn(entry -> entry.step().equals("takeOver"))
        .extracting(AuditEntry::by)
        .containsExactly("kim");
  }

  private void assertConsistent(String type, Replica replica, String how) {
    assertThat(estate.registry.isClaimed(replica.id())).as(how).isFalse();
    assertThat(estate.registry.admitted("munich", Cap.STARTING)).as(how).isZero();
    List<String> points =
        estate.registry.restorePoints(replica.id()).stream().map(RestorePoint::snapshot).toList();
    switch (estate.registry.state(replica.id())) {
      case READY -> {
        assertThat(points).as(how).containsExactly("point-1", "point-2");
        if (type.equals("Adopt")) {
          assertThat(estate.content(replica)).as(how).isEqualTo("by hand");
        } else {
          assertReady(replica);
        }
      }
      case FAILOVER -> {
        assertThat(points).as(how).containsExactly("point-1", "point-2");
        assertThat(estate.recovery.power(replica.recovery())).as(how).isEqualTo(PowerState.ON);
        assertThat(estate.registry.isOnHold(replica.id())).as(how).isTrue();
        assertThat(estate.content(replica))
            .as(how)
            .isEqualTo(
                switch (type) {
                  case "PartialFailover" -> "point-1";
                  case "Adopt" -> "by hand";
                  default -> "written";
                });
      }
      default -> {
        assertThat(points).as(how).isEmpty();
        assertThat(estate.registry.letGo(replica.id())).as(how).isEmpty();
        assertThat(estate.recovery.snapshots(replica.recovery())).as(how).isEmpty();
        assertThat(estate.content(replica)).as(how).isEqualTo("written");
        assertThat(estate.registry.isOnHold(replica.id())).as(how).isFalse();
        assertThat(estate.registry.excluded()).as(how).containsKey(replica.production().id());
      }
    }
    if (!points.isEmpty()) {
      assertThat(estate.recovery.snapshots(replica.recovery())).as(how).containsAll(points);
    }
  }

  private void assertReady(Replica replica) {
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY);
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    assertThat(estate.registry.isOnHold(replica.id())).isFalse();
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.OFF);
    assertThat(estate.content(replica)).isEqualTo("point-2");
    assertThat(estate.registry.extendedFor()).doesNotContain(replica.id());
  }

  private Replica diedAt(String activity) {
    Replica replica = estate.vm("web-01");
    estate.recovery.script().after(activity, "*", () -> estate.member(replica).terminate("test"));
    estate.registry.script().after(activity, "*", () -> estate.member(replica).terminate("test"));
    assertThat(deaths.diesIn("PartialFailover", named(replica), replica)).isTrue();
    return replica;
  }

  private Replica failedOver(String name) {
    Replica replica = estate.vm(name);
    estate.run("PartialFailover", named(replica));
    estate.write(replica, "written");
    return replica;
  }

  private Replica runningByHand(String name) {
    Replica replica = estate.vm(name);
    estate.recovery.power(replica.recovery(), PowerState.ON);
    estate.write(replica, "by hand");
    return replica;
  }

  private MemberResult reconcile(Replica replica, String choose) {
    return deaths.reconcile(replica, choose);
  }

  private static String named(Replica replica) {
    return "{\"vms\":[\"%s\"]}".formatted(replica.name());
  }
}
