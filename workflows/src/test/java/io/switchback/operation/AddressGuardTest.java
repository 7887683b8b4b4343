package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.model.PowerState.OFF;
import static io.switchback.model.PowerState.ON;
import static io.switchback.operation.Checks.PRODUCTION_STILL_RUNS;
import static io.switchback.operation.Checks.REPLICA_STILL_RUNS;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** No VM is powered on beside its twin without somebody's word, whatever powers it on and when. */
class AddressGuardTest {
  private static final String WEB = "{\"vms\":[\"web-01\"],\"by\":\"ada\"}";

  @AutoClose private final Estate estate = new Estate();
  private final Replica replica = estate.vm("web-01");

  @Test
  void addressesThatNobodyKnowsMayBeTheSame() {
    estate.production.address(replica.production());
    estate.production.power(replica.production(), ON);

    WorkflowStub run = estate.start("PartialFailover", WEB);

    assertThat(parkedAt(PRODUCTION_STILL_RUNS).message())
        .contains("answers to addresses that are not known")
        .contains("nothing tells the addresses of vm 'web-01' (p-web-01) at site 'berlin'.");
    answer(Answer.ACKNOWLEDGE);
    assertThat(end(run).outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void addressesThatAreKnownToDifferAreNoObstacle() {
    estate.production.address(replica.production(), "10.9.9.9");
    estate.production.power(replica.production(), ON);

    assertThat(run("PartialFailover").outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void whatIsDisconnectedIsNoObstacleWhateverItsAddresses() {
    estate.production.address(replica.production());
    estate.production.power(replica.production(), ON);
    estate.production.connect(replica.production(), false);

    assertThat(run("PartialFailover").outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void productionThatWakesUpAfterItWasAskedIsFoundWhenTheReplicaStarts() {
    after("revertToSnapshot", () -> estate.production.power(replica.production(), ON));

    WorkflowStub run = estate.start("PartialFailover", WEB);

    parkedAt(PRODUCTION_STILL_RUNS);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(OFF);
    estate.production.power(replica.production(), OFF);
    answer(Answer.RETRY);
    assertThat(end(run).outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(ON);
  }

  @Test
  void whoeverIsAskedKeepsNobodyElseFromStarting() {
    Replica other = estate.vm("app-01");
    estate.registry.cap("munich", Cap.STARTING, 1);
    after("revertToSnapshot", () -> estate.production.power(replica.production(), ON));
    WorkflowStub run = estate.start("PartialFailover", WEB);
    parkedAt(PRODUCTION_STILL_RUNS);

    assertThat(
            estate
                .resultBesideParked(estate.start("PartialFailover", "{\"vms\":[\"app-01\"]}"))
                .outcome())
        .isEqualTo(Outcome.DONE);

    assertThat(estate.recovery.power(other.recovery())).isEqualTo(ON);
    answer(Answer.ABORT);
    assertThat(end(run).outcome()).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void aPowerOnThatIsTriedAgainAsksAgain() {
    estate.recovery.script().fail("powerOnVm", "r-web-01", Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("PartialFailover", WEB);
    parkedAt("powerOn");
    estate.production.power(replica.production(), ON);
    answer(Answer.RETRY);

    parkedAt(PRODUCTION_STILL_RUNS);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(OFF);
    answer(Answer.ABORT);

    assertThat(end(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(OFF);
  }

  @Test
  void aWordHoldsForWhatItWasGivenFor() {
    estate.production.power(replica.production(), ON);
    estate.recovery.script().fail("powerOnVm", "r-web-01", Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("PartialFailover", WEB);
    parkedAt(PRODUCTION_STILL_RUNS);
    answer(Answer.ACKNOWLEDGE);
    parkedAt("powerOn");

    answer(Answer.RETRY);

    assertThat(end(run).outcome()).isEqualTo(Outcome.DONE);
    assertThat(overridden()).hasSize(1);
  }

  @Test
  void anotherObstacleNeedsAnotherWord() {
    estate.production.power(replica.production(), ON);
    after(
        "revertToSnapshot",
        () -> {
          estate.production.address(replica.production(), "fd00::7");
          estate.recovery.address(replica.recovery(), "fd00::7");
        });
    WorkflowStub run = estate.start("PartialFailover", WEB);
    assertThat(parkedAt(PRODUCTION_STILL_RUNS).message()).contains("answers to fd00::web-01");
    answer(Answer.ACKNOWLEDGE);

    estate.until("is asked again", () -> estate.people.notices().size() == 2);
    assertThat(parkedAt(PRODUCTION_STILL_RUNS).message()).contains("answers to fd00::7");
    answer(Answer.ACKNOWLEDGE);

    assertThat(end(run).outcome()).isEqualTo(Outcome.DONE);
    assertThat(overridden()).hasSize(2);
  }

  @Test
  void anAbortedSwitchDoesNotPowerTheReplicaOnBesideProduction() {
    run("PartialFailover");
    estate
        .registry
        .script()
        .after(
            "recordRound",
            "id-web-01",
            () ->
                estate
                    .production
                    .script()
                    .fail("transferDisk", "p-web-01-disk-0", Fault.DATASTORE_FULL, 1));
    WorkflowStub run = estate.start("Failback", WEB);
    parkedAt("synchronise");
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(OFF);
    estate.production.power(replica.production(), ON);
    answer(Answer.ABORT);

    assertThat(parkedAt(PRODUCTION_STILL_RUNS).answers())
        .containsExactly("acknowledge", "retry", "reconcile");
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(OFF);
    estate.production.power(replica.production(), OFF);
    answer(Answer.RETRY);

    assertThat(end(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(ON);
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
  }

  @Test
  void anAbortedUndoOfAFailoverDoesNotPowerTheReplicaOnBesideProduction() {
    run("PartialFailover");
    estate.recovery.script().fail("listSnapshots", "r-web-01", Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("UndoFailover", WEB);
    parkedAt("measureDelta");
    estate.production.power(replica.production(), ON);
    answer(Answer.ABORT);

    parkedAt(PRODUCTION_STILL_RUNS);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(OFF);
    answer(Answer.ACKNOWLEDGE);

    assertThat(end(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(ON);
  }

  @Test
  void aReplicaThatRunsOnIsNotAskedAbout() {
    run("PartialFailover");
    estate.production.power(replica.production(), ON);
    estate.recovery.script().fail("powerOffVm", "r-web-01", Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("UndoFailover", WEB);
    parkedAt("powerOff");
    answer(Answer.ABORT);

    assertThat(end(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(ON);
  }

  @Test
  void aSwitchDoesNotPowerProductionOnBesideAReplicaThatSomebodyPoweredOn() {
    run("PartialFailover");
    estate
        .registry
        .script()
        .after("completeSwitch", "id-web-01", () -> estate.recovery.power(replica.recovery(), ON));

    WorkflowStub run = estate.start("Failback", WEB);

    parkedAt(REPLICA_STILL_RUNS);
    assertThat(estate.production.power(replica.production())).isEqualTo(OFF);
    estate.recovery.power(replica.recovery(), OFF);
    answer(Answer.RETRY);
    assertThat(end(run).state()).isEqualTo(FAILBACK);
    assertThat(estate.production.power(replica.production())).isEqualTo(ON);
  }

  @Test
  void aVmThatWasRestoredDoesNotJoinTheFormerProduction() {
    VmRef restored = estate.production.addVm("p-restored", "restored", 1);
    estate.production.address(restored, "fd00::web-01");
    run("PartialFailover");
    estate.production.power(replica.production(), ON);

    WorkflowStub run = estate.start("Failback", "{\"vms\":[\"web-01\"],\"restored\":\"restored\"}");

    assertThat(parkedAt(PRODUCTION_STILL_RUNS).message()).contains("p-web-01", "p-restored");
    assertThat(estate.production.power(restored)).isEqualTo(OFF);
    answer(Answer.ACKNOWLEDGE);
    assertThat(end(run).state()).isEqualTo(FAILBACK);
    assertThat(estate.production.power(restored)).isEqualTo(ON);
  }

  @Test
  void anAbortedFailbackToARestoredVmAsksAboutThatAsWell() {
    VmRef restored = estate.production.addVm("p-restored", "restored", 1);
    estate.production.address(restored, "fd00::web-01");
    run("PartialFailover");
    estate
        .registry
        .script()
        .after(
            "recordRound",
            "id-web-01",
            () ->
                estate
                    .production
                    .script()
                    .fail("transferDisk", "p-restored-disk-0", Fault.DATASTORE_FULL, 1));
    WorkflowStub run = estate.start("Failback", "{\"vms\":[\"web-01\"],\"restored\":\"restored\"}");
    parkedAt("synchronise");
    estate.production.power(restored, ON);
    answer(Answer.ABORT);

    assertThat(parkedAt(PRODUCTION_STILL_RUNS).message()).contains("p-restored");
    answer(Answer.ACKNOWLEDGE);
    assertThat(end(run).outcome()).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void theUndoAtTheEndOfAWindowAsksAsWell() {
    run("PartialFailover");
    VmRef restored = estate.production.addVm("p-restored", "restored", 1);
    estate.production.address(restored, "10.7.7.7");
    estate.run(
        "Failback",
        "{\"vms\":[\"web-01\"],\"restored\":\"restored\",\"window\":{\"length\":\"PT4H\",\"atEnd\":\"undo\"}}");
    estate.production.power(replica.production(), ON);

    estate.environment().sleep(Duration.ofHours(5));

    parkedAt(PRODUCTION_STILL_RUNS);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(OFF);
    assertThat(estate.people.notices()).hasSize(1);
    estate.production.power(replica.production(), OFF);
    answer(Answer.RETRY);
    estate.until("undone", () -> !estate.registry.isClaimed(replica.id()));
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(ON);
  }

  private void after(String step, Runnable happening) {
    estate.recovery.script().after(step, "r-web-01", happening);
  }

  private Parked parkedAt(String step) {
    estate.until("parked at " + step, () -> estate.parked(replica).step().equals(step));
    return estate.parked(replica);
  }

  private void answer(String word) {
    estate.answer(replica, word, "looked at it");
  }

  private MemberResult run(String type) {
    return estate.runOne(type, WEB);
  }

  private MemberResult end(WorkflowStub run) {
    return estate.resultOfOne(run);
  }

  private List<String> overridden() {
    return estate.registry.audit().stream()
        .filter(entry -> entry.outcome().equals("OVERRIDDEN"))
        .map(AuditEntry::detail)
        .toList();
  }
}
