package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.SEEDING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.FaultScript;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ReplicationTest {
  @AutoClose private final Estate estate = new Estate();

  @Test
  void makesTheReplicaReadyByAFullCopyThenFollowsByChangeLists() {
    Replica replica = estate.protect("web-01", SEEDING);
    write(replica, 0, "first");
    WorkflowStub loop = estate.loop(replica);
    estate.until("ready", () -> estate.registry.state(replica.id()) == READY);
    ReplicationStatus first = statusWhenRested(loop, 1);

    write(replica, 0, "again");
    ReplicationStatus second = loop.update("replicateNow", ReplicationStatus.class);

    assertThat(first.rungs()).singleElement().asString().contains("FULL_COPY");
    assertThat(second.rungs()).singleElement().asString().contains("CHANGE_LIST");
    assertThat(second.problem()).isEmpty();
    assertThat(onReplica(replica)).isEqualTo("again");
    assertThat(estate.production.snapshots(replica.production())).isEmpty();
    assertThat(estate.registry.restorePoints(replica.id()))
        .hasSizeGreaterThanOrEqualTo(2)
        .last()
        .isEqualTo(second.newest());
  }

  @Test
  void beginsNoCycleBeforeTheRegistryHasSaidHowTheReplicaIsToBeFound() {
    Replica replica = estate.protect("web-01", SEEDING);
    WorkflowStub loop = estate.loop(replica);
    statusWhenRested(loop, 1);
    FaultScript script = estate.registry.script();
    long looks = script.calls("expect", replica.id());
    script.fail("expect", replica.id(), Fault.REGISTRY_UNAVAILABLE, 3);
    List<Long> before = new CopyOnWriteArrayList<>();
    script.before(
        "beginCycle", replica.id(), () -> before.add(script.calls("expect", replica.id()) - looks));

    loop.signal(Replication.WAKE);
    estate.until("a cycle begins", () -> !before.isEmpty());

    assertThat(before).first().isEqualTo(4L);
  }

  @Test
  void comparesBothDisksInFullAsOftenAsThePolicySays() {
    Replica replica = estate.protect("web-01", SEEDING);
    write(replica, 0, "first");
    WorkflowStub loop = estate.loop(replica);
    statusWhenRested(loop, 1);

    estate.registry.compareEvery(replica.id(), Duration.ofDays(7));
    assertThat(cycle(loop)).contains("CHANGE_LIST");
    estate.registry.compareEvery(replica.id(), Duration.ZERO);
    assertThat(cycle(loop)).contains("FULL_COMPARISON, The policy asks for it every PT0S");
    estate.registry.compareEvery(replica.id(), Duration.ofDays(7));
    assertThat(cycle(loop)).contains("CHANGE_LIST");
  }

  private static String cycle(WorkflowStub loop) {
    return loop.update("replicateNow", ReplicationStatus.class).rungs().getFirst();
  }

  @Test
  void keepsAsManyRestorePointsAsThePolicySays() {
    Replica replica = estate.protect("web-01", SEEDING);
    estate.registry.keep(replica.id(), 2);
    WorkflowStub loop = estate.loop(replica);

    for (int i = 0; i < 4; i++) {
      loop.update("replicateNow", ReplicationStatus.class);
    }

    assertThat(estate.registry.restorePoints(replica.id())).hasSize(2);
    assertThat(estate.recovery.snapshots(replica.recovery())).hasSize(2);
  }

  @Test
  void aRestorePointWhoseFilesADrillSharesKeepsNoOtherOneFromExpiring() {
    Replica replica = estate.protect("web-01", SEEDING);
    estate.registry.keep(replica.id(), 2);
    WorkflowStub loop = estate.loop(replica);
    RestorePoint held = statusWhenRested(loop, 1).newest();
    estate.recovery.linkTo(replica.recovery(), held.snapshot());

    estate.environment().sleep(Duration.ofMinutes(30));
    ReplicationStatus during = statusWhenRested(loop, 5);

    assertThat(estate.registry.restorePoints(replica.id()))
        .hasSize(3)
        .startsWith(held)
        .endsWith(during.newest());
    assertThat(estate.recovery.snapshots(replica.recovery())).hasSize(3).contains(held.snapshot());
    assertThat(during.problem()).contains("could not tidy up", "shares its files");

    estate.recovery.unlink(replica.recovery());
    ReplicationStatus after = loop.update("replicateNow", ReplicationStatus.class);

    assertThat(estate.registry.restorePoints(replica.id()))
        .hasSize(2)
        .containsExactly(during.newest(), after.newest());
    assertThat(estate.recovery.snapshots(replica.recovery())).hasSize(2);
    assertThat(after.problem()).isEmpty();
  }

  @Test
  void neverWritesToAReplicaThatWasPoweredOnByHand() {
    Replica replica = estate.vm("web-01");
    estate.recovery.power(replica.recovery(), PowerState.ON);

    ReplicationStatus status = estate.loop(replica).update("replicateNow", ReplicationStatus.class);

    assertThat(status.phase()).contains("is ON although its replica is READY").contains("Adopt");
    assertThat(estate.recovery.effects("writeDisk", Estate.disk(replica))).isZero();
    assertThat(estate.recovery.effects("powerOff", replica.recovery().id())).isZero();
  }

  @Test
  void removesProductionsSnapshotWhenACycleFails() {
    Replica replica = estate.vm("web-01");
    estate.recovery.script().fail("transferDisk", Estate.disk(replica), Fault.PROOF_FAILED, 1);

    ReplicationStatus status = estate.loop(replica).update("replicateNow", ReplicationStatus.class);

    assertThat(estate.production.snapshots(replica.production())).isEmpty();
    assertThat(estate.production.effects("removeSnapshot", "p-web-01")).isPositive();
    assertThat(estate.registry.abandoned(replica.id()).get(1L)).contains("test says so");
    assertThat(status.cycle()).isPositive();
  }

  @Test
  void removesWhatAnEarlierCycleLeftBehindAtProduction() {
    Replica replica = estate.vm("web-01");
    estate.production.script().fail("removeSnapshot", "p-web-01", Fault.BAD_CREDENTIALS, 1);
    WorkflowStub loop = estate.loop(replica);
    loop.update("replicateNow", ReplicationStatus.class);

    loop.update("replicateNow", ReplicationStatus.class);

    assertThat(estate.production.snapshots(replica.production())).isEmpty();
    assertThat(estate.registry.abandoned(replica.id())).isEmpty();
  }

  @Test
  void endsWhenTheReplicaIsNoLongerProtectedAndAnswersWhoeverAskedForACycle() {
    Replica replica = estate.vm("web-01");
    WorkflowStub loop = estate.loop(replica);
    loop.update("replicateNow", ReplicationStatus.class);
    estate.registry.remove(replica.id());

    ReplicationStatus last = loop.update("replicateNow", ReplicationStatus.class);

    estate.result(loop, Void.class);
    assertThat(last.phase()).contains("no longer protected");
  }

  @Test
  void looksEveryMinuteAtAReplicaThatServes() {
    Replica replica = estate.vm("web-01");
    estate.registry.state(replica.id(), FAILOVER);
    WorkflowStub loop = estate.loop(replica);
    estate.until("it waits", () -> status(loop).phase().contains("FAILOVER"));
    long before = estate.registry.script().calls("beginCycle", replica.id());

    estate.environment().sleep(Duration.ofMinutes(10));

    assertThat(estate.registry.script().calls("beginCycle", replica.id()) - before)
        .isBetween(9L, 11L);
  }

  private static ReplicationStatus status(WorkflowStub loop) {
    return loop.query("status", ReplicationStatus.class);
  }

  @Test
  void beginsANewHistoryAfterAHundredLooks() {
    Replica replica = estate.vm("web-01");
    estate.registry.state(replica.id(), FAILOVER);
    WorkflowStub loop = estate.loop(replica);
    String firstRun = loop.describe().getExecution().getRunId();
    WorkflowStub newest =
        estate.client().newUntypedWorkflowStub(Replication.workflowId(replica.id()));

    estate.environment().sleep(Duration.ofMinutes(5 * 101));

    assertThat(newest.describe().getExecution().getRunId()).isNotEqualTo(firstRun);
    assertThat(newest.query("status", ReplicationStatus.class).phase())
        .contains("The replica is FAILOVER");
    assertThat(newest.update("replicateNow", ReplicationStatus.class).phase())
        .contains("The replica is FAILOVER");
  }

  @Test
  void aRunningCycleIsPreemptedByAFailoverAndTheLoopGoesOnAfterUndo() throws Exception {
    Replica replica = estate.vm("web-01");
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
              failover.set(estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}"));
              late.countDown();
            });

    WorkflowStub loop = estate.loop(replica);
    late.await();
    estate.until("abandoned", () -> !estate.registry.abandoned(replica.id()).isEmpty());

    assertThat(failover.get().outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.content(replica)).isEqualTo("point-2");
    assertThat(estate.registry.abandoned(replica.id()).get(1L)).contains("under fence");
    estate.until("clean", () -> estate.production.snapshots(replica.production()).isEmpty());

    estate.run("UndoFailover", "{\"vms\":[\"web-01\"]}");
    estate.until("follows", () -> estate.registry.restorePoints(replica.id()).size() > 2);
    assertThat(onReplica(replica)).isEqualTo("first");
    assertThat(loop.query("status", ReplicationStatus.class).problem()).isEmpty();
  }

  @Test
  void aCancelledLoopLeavesNoSnapshotAtProduction() {
    Replica replica = estate.vm("web-01");
    write(replica, 0, "first");
    WorkflowStub loop = estate.loop(replica);
    estate
        .recovery
        .script()
        .fail("transferDisk", Estate.disk(replica), Fault.SITE_UNREACHABLE, 1000);
    estate.until("a snapshot", () -> !estate.production.snapshots(replica.production()).isEmpty());

    loop.cancel();

    assertThatThrownBy(() -> estate.result(loop, Void.class))
        .isInstanceOf(WorkflowFailedException.class)
        .hasCauseInstanceOf(CanceledFailure.class);
    assertThat(estate.production.snapshots(replica.production())).isEmpty();
  }

  private void write(Replica replica, long offset, String text) {
    estate.production.write(
        replica.production(), "p-" + replica.name() + "-disk-0", offset, text.getBytes(UTF_8));
  }

  private String onReplica(Replica replica) {
    return new String(estate.recovery.read(replica.recovery(), Estate.disk(replica), 0, 5), UTF_8);
  }

  private ReplicationStatus statusWhenRested(WorkflowStub loop, long cycle) {
    estate.until(
        "cycle ended",
        () -> {
          ReplicationStatus status = loop.query("status", ReplicationStatus.class);
          return status.cycle() >= cycle && status.phase().equals("follows");
        });
    return loop.query("status", ReplicationStatus.class);
  }
}
