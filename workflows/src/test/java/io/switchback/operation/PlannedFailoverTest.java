package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.SEEDING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.model.HttpCheck;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.Effect;
import io.switchback.port.FaultScript;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class PlannedFailoverTest {
  private static final String WEB = "{\"vms\":[\"web-01\"]}";

  @AutoClose private final Estate estate = new Estate();

  @Test
  void losesNothingThatProductionWroteBeforeItWasShutDown() {
    Replica replica = replicated();
    write(replica, 0, "while the first cycle runs");
    unflushed(replica, 100, "the last word");

    MemberResult result = estate.runOne("PlannedFailover", WEB);

    assertThat(result.outcome()).as("%s", result.notes()).isEqualTo(Outcome.DONE);
    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(result.verified()).isTrue();
    assertThat(result.rpo()).isEqualTo(Duration.ZERO);
    assertThat(onReplica(replica, 0, 26)).isEqualTo("while the first cycle runs");
    assertThat(onReplica(replica, 100, 13)).isEqualTo("the last word");
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.OFF);
    assertThat(estate.production.effects("shutDown", "p-web-01")).isOne();
    assertThat(estate.production.effects("powerOff", "p-web-01")).isZero();
    assertThat(estate.production.snapshots(replica.production())).isEmpty();
    assertThat(result.restorePoint()).isEqualTo(newest(replica));
  }

  @Test
  void goesInTheOrderOfTheOperatingManual() {
    Replica replica = replicated();
    int before = estate.registry.audit().size();

    estate.run("PlannedFailover", WEB);

    assertThat(steps(replica, before))
        .isEqualTo(
            Procedure.of(Operation.PLANNED_FAILOVER).steps().stream()
                .filter(step -> step != StepKind.POWER_OFF_PRODUCTION)
                .map(StepKind::id)
                .filter(step -> !step.endsWith("Window")) // nobody asks for one
                .toList());
    assertThat(
            estate.recovery.effects().stream()
                .map(Effect::what)
                .filter(List.of("raiseFence", "createSnapshot", "powerOn")::contains)
                .toList())
        .endsWith("raiseFence", "createSnapshot", "createSnapshot", "powerOn");
  }

  @Test
  void keepsTheTwoPointsBesideAllOlderOnes() {
    Replica replica = replicated();
    List<RestorePoint> older = estate.registry.restorePoints(replica.id());
    estate.registry.keep(replica.id(), 1);

    estate.run("PlannedFailover", WEB);

    assertThat(estate.registry.restorePoints(replica.id()))
        .hasSize(older.size() + 2)
        .containsAll(older);
    assertThat(estate.recovery.snapshots(replica.recovery()))
        .containsAll(older.stream().map(RestorePoint::snapshot).toList());
  }

  @Test
  void powersOffWhatHasNoToolsAndSaysWhatThatCosts() {
    Replica replica = replicated();
    estate.production.guestNeverReady(replica.production());
    unflushed(replica, 100, "lost");

    MemberResult result = estate.runOne("PlannedFailover", WEB);

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(estate.production.effects("powerOff", "p-web-01")).isOne();
    assertThat(onReplica(replica, 100, 4)).isEqualTo("\0\0\0\0");
    assertThat(result.notes())
        .singleElement()
        .asString()
        .contains("production was powered off", "tools do not answer");
  }

  @Test
  void powersOffAGuestThatTakesLongerThanTheInputAllows() {
    Replica replica = replicated();
    estate.production.guestStubborn(replica.production());

    MemberResult result =
        estate.runOne("PlannedFailover", "{\"vms\":[\"web-01\"],\"shutdownLimit\":\"PT3M\"}");

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.OFF);
    assertThat(result.notes()).singleElement().asString().contains("did not end within PT3M");
  }

  @Test
  void powersOffASuspendedVmAtOnceAndLeavesItSo() {
    Replica replica = replicated();
    estate.production.power(replica.production(), PowerState.SUSPENDED);

    assertThat(estate.run("PlannedFailover", WEB).outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.production.script().calls("shutDownGuest", "p-web-01")).isZero();
    assertThat(estate.production.effects("powerOff", "p-web-01")).isOne();
    estate.run("UndoFailover", WEB);

    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.OFF);
  }

  @Test
  void goesOnWithProductionThatIsOffAlreadyAndLeavesItOff() {
    Replica replica = replicated();
    estate.production.power(replica.production(), PowerState.OFF);

    assertThat(estate.run("PlannedFailover", WEB).outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.run("UndoFailover", WEB).outcome()).isEqualTo(Outcome.DONE);

    assertThat(estate.production.effects())
        .extracting(Effect::what)
        .doesNotContain("shutDown", "powerOff", "powerOn");
  }

  @Test
  void anAbortAfterTheShutdownPowersProductionOnAgain() {
    Replica replica = replicated();
    estate.recovery.script().fail("powerOnVm", "r-web-01", Fault.NO_CAPACITY, 1);
    WorkflowStub run = estate.start("PlannedFailover", WEB);
    assertThat(estate.parked(replica).step()).isEqualTo("powerOn");
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.OFF);

    abort(replica);

    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY);
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.ON);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.OFF);
    assertThat(estate.registry.isOnHold(replica.id())).isFalse();
  }

  @Test
  void anAbortAfterACycleThatFailedLeavesNoSnapshotAtProductionAndReplicationGoesOn() {
    Replica replica = replicated();
    estate.recovery.script().fail("transferDisk", "r-web-01-disk-0", Fault.DATASTORE_FULL, 1);
    WorkflowStub run = estate.start("PlannedFailover", WEB);
    assertThat(estate.parked(replica).step()).isEqualTo("replicateFirst");

    abort(replica);

    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.production.snapshots(replica.production())).isEmpty();
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.ON);
    assertThat(estate.woken).contains(replica.id());
    write(replica, 0, "after");
    estate.loop(replica);
    estate.until("replicated", () -> onReplica(replica, 0, 5).equals("after"));
  }

  @Test
  void aCycleThatFailedIsRunAnewWhenSomebodySaysSo() {
    Replica replica = replicated();
    estate.recovery.script().fail("transferDisk", "r-web-01-disk-0", Fault.DATASTORE_FULL, 1);
    WorkflowStub run = estate.start("PlannedFailover", WEB);
    estate.parked(replica);

    estate.answer(replica, "retry", "room now");

    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
  }

  @Test
  void anAbortEndsAlsoWhenProductionsSiteIsGone() {
    Replica replica = replicated();
    estate
        .production
        .script()
        .after("shutDownGuest", "p-web-01", () -> estate.production.reachable(false));
    WorkflowStub run = estate.start("PlannedFailover", WEB);
    assertThat(estate.parked(replica).step()).isEqualTo("replicateLast");
    abort(replica);
    estate.until(
        "the undo is parked", () -> estate.parked(replica).step().equals("powerOnProduction"));

    estate.answer(replica, "skip", "berlin burns");

    MemberResult ended = estate.resultOfOne(run);
    assertThat(ended.outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(ended.state()).isEqualTo(READY);
    assertThat(ended.skipped()).singleElement().asString().contains("production stays off");
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
  }

  @Test
  void anUndoPowersProductionOnBeforeReplicationGoesOn() {
    Replica replica = replicated();
    estate.run("PlannedFailover", WEB);
    int before = estate.registry.audit().size();

    MemberResult undone = estate.runOne("UndoFailover", WEB);

    assertThat(undone.state()).isEqualTo(READY);
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.ON);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.OFF);
    assertThat(steps(replica, before))
        .isEqualTo(
            Procedure.of(Operation.UNDO_FAILOVER).steps().stream().map(StepKind::id).toList());
    estate.run("PartialFailover", partial());
    estate.production.power(replica.production(), PowerState.OFF);
    estate.run("UndoFailover", WEB);
    assertThat(estate.production.power(replica.production()))
        .as("this one was not planned")
        .isEqualTo(PowerState.OFF);
  }

  @Test
  void neverPowersProductionOnBesideItsReplicaWithoutAPersonsWord() {
    Replica replica = replicated();
    estate.run("PlannedFailover", WEB);
    estate
        .recovery
        .script()
        .after(
            "revertToSnapshot",
            "r-web-01",
            () -> estate.recovery.power(replica.recovery(), PowerState.ON));
    WorkflowStub run = estate.start("UndoFailover", WEB);

    Parked parked = estate.parked(replica);
    assertThat(parked.step()).isEqualTo(Checks.REPLICA_STILL_RUNS);
    assertThat(parked.answers()).containsExactly("acknowledge", "retry", "reconcile");
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.OFF);
    estate.recovery.power(replica.recovery(), PowerState.OFF);
    estate.answer(replica, "retry");

    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.ON);
  }

  @Test
  void aRunThatDiedIsRolledBackWithProductionOn() {
    List.of("holdReplication", "rememberProduction", "shutDownGuest", "powerOnVm", "verifyGuest")
        .forEach(
            activity -> {
              Replica replica = diedAfter(activity);

              settle(replica, Way.ROLL_BACK);

              assertThat(estate.registry.state(replica.id())).as(activity).isEqualTo(READY);
              assertThat(estate.registry.isOnHold(replica.id())).as(activity).isFalse();
              assertThat(estate.recovery.power(replica.recovery()))
                  .as(activity)
                  .isEqualTo(PowerState.OFF);
              assertThat(estate.production.power(replica.production()))
                  .as(activity)
                  .isEqualTo(PowerState.ON);
            });
  }

  @Test
  void aRunThatDiedIsRolledForwardFromTheNewestPointThatItHasMade() {
    Replica replica = diedAfter("shutDownGuest");
    RestorePoint first = newest(replica);

    String effect = settle(replica, Way.ROLL_FORWARD);

    assertThat(effect)
        .contains("reverts it to " + first.id(), "without what production has written after");
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
    estate.run("UndoFailover", vms(replica.name()));
    assertThat(estate.production.power(replica.production()))
        .as("it is known later that it was planned")
        .isEqualTo(PowerState.ON);
  }

  /** A VM whose planned failover was terminated after that activity. */
  private Replica diedAfter(String activity) {
    Replica replica = serving("vm-" + activity);
    Runnable death = () -> estate.member(replica).terminate("test");
    scripts().forEach(script -> script.after(activity, FaultScript.ANY, death));
    Deaths deaths = new Deaths(estate, (type, each, how) -> {});
    assertThat(deaths.diesIn("PlannedFailover", vms(replica.name()), replica)).isTrue();
    scripts().forEach(FaultScript::forget);
    return replica;
  }

  private List<FaultScript> scripts() {
    return List.of(
        estate.registry.script(),
        estate.production.script(),
        estate.recovery.script(),
        estate.checks.script());
  }

  /** Settles the dead run that way; answers the effect that was told before. */
  private String settle(Replica replica, String way) {
    Deaths deaths = new Deaths(estate, (type, each, how) -> {});
    List<Way> ways = requireNonNull(deaths.reconcile(replica, "").reconciliation()).ways();
    MemberResult settled = deaths.reconcile(replica, way);
    assertThat(settled.outcome()).as("%s", settled.notes()).isEqualTo(Outcome.DONE);
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    return ways.stream().filter(one -> one.choose().equals(way)).findFirst().orElseThrow().effect();
  }

  /** A VM that runs, at an address that is not its replica's, and has a restore point. */
  private Replica serving(String name) {
    Replica replica = estate.vm(name);
    estate.production.address(replica.production(), "10.1.0.99");
    estate.production.power(replica.production(), PowerState.ON);
    return replica;
  }

  private static String vms(String name) {
    return "{\"vms\":[\"" + name + "\"]}";
  }

  @Test
  void fencesOffTheLoopsCycleAndRunsItsOwn() throws Exception {
    Replica replica = serving("web-01");
    write(replica, 0, "first");
    AtomicReference<OperationResult> failover = new AtomicReference<>();
    CountDownLatch late = new CountDownLatch(1);
    estate
        .recovery
        .script()
        .after(
            "batch",
            Estate.disk(replica),
            () -> {
              failover.set(estate.run("PlannedFailover", WEB));
              late.countDown();
            });

    estate.loop(replica);
    late.await();
    estate.until("abandoned", () -> !estate.registry.abandoned(replica.id()).isEmpty());

    assertThat(failover.get().outcome()).isEqualTo(Outcome.DONE);
    assertThat(onReplica(replica, 0, 5)).isEqualTo("first");
    assertThat(estate.registry.abandoned(replica.id()).get(1L)).contains("under fence");
    assertThat(estate.production.snapshots(replica.production())).isEmpty();
  }

  @Test
  void takesNoRestorePointAndNoLimitThatMakesNoSense() {
    replicated();

    assertThatThrownBy(
            () ->
                estate.run(
                    "PlannedFailover",
                    """
                    {"vms":[{"name":"web-01","restorePoint":"web-01-0001"}],"shutdownLimit":"-PT1S"}
                    """))
        .rootCause()
        .hasMessageContaining("restorePoint")
        .hasMessageContaining("shutdownLimit must be between PT0S and PT24H");
  }

  /** A VM that runs and is replicated once. */
  private Replica replicated() {
    Replica replica =
        estate.protect(
            "web-01", SEEDING, new HttpCheck("http://{address}/", 200, Duration.ofSeconds(5)));
    WorkflowStub loop = estate.loop(replica);
    estate.until("ready", () -> estate.registry.state(replica.id()) == READY);
    loop.update("replicateNow", ReplicationStatus.class);
    loop.terminate("the set-up is done");
    estate.production.power(replica.production(), PowerState.ON);
    return replica;
  }

  private static String partial() {
    return """
    {"vms":["web-01"],
     "overrides":[{"check":"productionStillRuns","by":"ada","reason":"a test"}]}
    """;
  }

  private void abort(Replica replica) {
    estate.answer(replica, "abort", "not today");
  }

  private RestorePoint newest(Replica replica) {
    return estate.registry.restorePoints(replica.id()).getLast();
  }

  private List<String> steps(Replica replica, int from) {
    List<AuditEntry> audit = estate.registry.audit();
    return audit.subList(from, audit.size()).stream()
        .filter(entry -> entry.replicaId().equals(replica.id()))
        .map(AuditEntry::step)
        .toList();
  }

  private void write(Replica replica, long offsetBytes, String text) {
    estate.production.write(
        replica.production(), Estate.productionDisk(replica), offsetBytes, text.getBytes(UTF_8));
  }

  private void unflushed(Replica replica, long offsetBytes, String text) {
    estate.production.writeUnflushed(
        replica.production(), Estate.productionDisk(replica), offsetBytes, text.getBytes(UTF_8));
  }

  private String onReplica(Replica replica, long offsetBytes, int length) {
    return new String(
        estate.recovery.read(replica.recovery(), Estate.disk(replica), offsetBytes, length), UTF_8);
  }
}
