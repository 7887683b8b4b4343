package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.model.PowerState.OFF;
import static io.switchback.model.PowerState.ON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Drift;
import io.switchback.model.DriftKind;
import io.switchback.model.Replica;
import io.switchback.port.NotifyActivities.Notice;
import io.temporal.client.WorkflowStub;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a replica's loop finds of what was done by hand, and what it makes of it. */
final class ReplicaWatchTest {
  @AutoClose private final Estate estate = new Estate();

  @Test
  void tellsOnceOfAReplicaThatWasPoweredOnByHandAndLeavesItAlone() {
    Replica replica = estate.vm("web-01");
    WorkflowStub loop = estate.loop(replica);
    turn(loop);
    int points = estate.registry.restorePoints(replica.id()).size();
    estate.recovery.power(replica.recovery(), ON);
    estate.recovery.write(replica.recovery(), Estate.disk(replica), 0, bytes("by hand"));

    turn(loop);
    turn(loop);

    assertThat(found(replica)).containsExactly(DriftKind.REPLICA_RUNS, DriftKind.REPLICA_WRITTEN);
    assertThat(notices("drift"))
        .extracting(Notice::fault)
        .containsExactly("REPLICA_RUNS", "REPLICA_WRITTEN");
    assertThat(notices("drift").getFirst().answers()).anyMatch(it -> it.contains("start adopt"));
    assertThat(estate.content(replica)).isEqualTo("by hand");
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(ON);
    assertThat(estate.registry.restorePoints(replica.id())).hasSize(points);
  }

  @Test
  void doesNotOverwriteWhatWasWrittenByHandWhenTheReplicaIsOffAgain() {
    Replica replica = estate.vm("web-01");
    WorkflowStub loop = estate.loop(replica);
    turn(loop);
    estate.recovery.write(replica.recovery(), Estate.disk(replica), 0, bytes("by hand"));

    ReplicationStatus status = turn(loop);

    assertThat(found(replica)).containsExactly(DriftKind.REPLICA_WRITTEN);
    assertThat(status.phase()).contains("no cycle did that");
    assertThat(estate.content(replica)).isEqualTo("by hand");
  }

  @Test
  void replicatesAgainOnceAReplicaThatRanByHandIsAsItWas() {
    Replica replica = estate.vm("web-01");
    WorkflowStub loop = estate.loop(replica);
    estate.recovery.power(replica.recovery(), ON);
    turn(loop);
    int points = estate.registry.restorePoints(replica.id()).size();

    estate.recovery.power(replica.recovery(), OFF);
    turn(loop);

    assertThat(found(replica)).isEmpty();
    assertThat(estate.registry.restorePoints(replica.id())).hasSize(points + 1);
  }

  @Test
  void takesWhatACycleLeftHalfDoneForNobodysDoing() {
    Replica replica = estate.vm("web-01");
    WorkflowStub loop = estate.loop(replica);
    estate
        .recovery
        .script()
        .before(
            "createSnapshot",
            "r-web-01",
            () -> {
              throw new io.switchback.fault.FaultException(Fault.DATASTORE_FULL, "It is full.");
            });
    estate.production.write(replica.production(), "p-web-01-disk-0", 0, bytes("halfway"));
    turn(loop);

    turn(loop);

    assertThat(notices("drift")).isEmpty();
    assertThat(estate.content(replica)).isEqualTo("halfway");
  }

  @Test
  void offersNoRestorePointWhoseSnapshotWasDeletedAndComparesWholeDisksNext() {
    Replica replica = estate.vm("web-01");
    estate.production.write(replica.production(), "p-web-01-disk-0", 0, bytes("first"));
    WorkflowStub loop = estate.loop(replica);
    ReplicationStatus made = turn(loop);
    String newest = made.newest().snapshot();
    estate.recovery.deleteSnapshot(replica.recovery(), newest);

    ReplicationStatus next = turn(loop);

    assertThat(notices("drift"))
        .singleElement()
        .returns("RESTORE_POINT_GONE", Notice::fault)
        .satisfies(notice -> assertThat(notice.message()).contains(newest));
    assertThat(estate.registry.restorePoints(replica.id()))
        .noneMatch(point -> point.snapshot().equals(newest));
    assertThat(next.problem()).isEmpty();
    assertThat(next.rungs()).allMatch(rung -> !rung.contains("LIST"));
    assertThat(estate.content(replica)).startsWith("first");
  }

  @Test
  void findsAReplicaThatStandsOnAnotherSnapshot() {
    Replica replica = estate.vm("web-01");
    WorkflowStub loop = estate.loop(replica);
    turn(loop);
    estate.recovery.standOn(replica.recovery(), "point-1");

    turn(loop);

    assertThat(found(replica)).containsExactly(DriftKind.REPLICA_MOVED);
  }

  @Test
  void findsADiskThatWasTakenAwayByHand() {
    Replica replica = estate.vm("web-01");
    WorkflowStub loop = estate.loop(replica);
    turn(loop);
    estate.recovery.addDisk(replica.recovery(), "r-web-01-disk-9");

    turn(loop);

    assertThat(found(replica)).containsExactly(DriftKind.REPLICA_DISKS);
  }

  @Test
  void findsThatTheReplicaIsGone() {
    Replica replica = estate.vm("web-01");
    WorkflowStub loop = estate.loop(replica);
    estate.recovery.deleteVm(replica.recovery());

    turn(loop);

    assertThat(found(replica)).containsExactly(DriftKind.REPLICA_GONE);
  }

  @Test
  void findsProductionThatWokeUpWhileItsReplicaServes() {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");
    WorkflowStub loop = estate.loop(replica);
    turn(loop);
    assertThat(found(replica)).isEmpty();

    estate.production.power(replica.production(), ON);
    turn(loop);
    turn(loop);

    assertThat(found(replica)).containsExactly(DriftKind.PRODUCTION_RUNS);
    assertThat(notices("drift"))
        .singleElement()
        .satisfies(
            notice ->
                assertThat(notice.answers())
                    .containsExactly("switchback start isolate '{\"vms\":[\"web-01\"]}'"));
    estate.production.connect(replica.production(), false);
    turn(loop);
    assertThat(found(replica)).isEmpty();
  }

  @Test
  void bearsProductionThatSomebodyHasAgreedToUntilItWasOff() {
    Replica replica = estate.vm("web-01");
    estate.production.power(replica.production(), ON);
    estate.run(
        "PartialFailover",
        """
        {"vms":["web-01"],"overrides":[{"check":"productionStillRuns","by":"kim","reason":"isolated"}]}
        """);
    WorkflowStub loop = estate.loop(replica);
    turn(loop);
    assertThat(found(replica)).isEmpty();

    estate.production.power(replica.production(), OFF);
    turn(loop);
    estate.production.power(replica.production(), ON);
    turn(loop);

    assertThat(found(replica)).containsExactly(DriftKind.PRODUCTION_RUNS);
  }

  @Test
  void findsAServingReplicaThatIsOff() {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
    estate.recovery.power(replica.recovery(), OFF);

    turn(estate.loop(replica));

    assertThat(found(replica)).containsExactly(DriftKind.REPLICA_STOPPED);
  }

  @Test
  void foundNothingWhereTheSiteCouldNotBeAsked() {
    Replica replica = estate.vm("web-01");
    WorkflowStub loop = estate.loop(replica);
    estate.recovery.script().fail("lookAtVm", "r-web-01", Fault.SITE_UNREACHABLE, 1000);
    long asked = estate.recovery.script().calls("lookAtVm", "r-web-01");

    loop.signal(Replication.WAKE);
    // While an update waits, time does not skip, and the retries of a cycle take long.
    estate.until(
        "the site was asked more than once",
        () -> estate.recovery.script().calls("lookAtVm", "r-web-01") > asked + 2);

    assertThat(found(replica)).isEmpty();
  }

  @Test
  void tellsInTimeThatADatastoreFills() {
    Replica replica = estate.vm("web-01");
    WorkflowStub loop = estate.loop(replica);
    for (int free : List.of(100, 90, 80, 70)) {
      estate.recovery.room().datastore("datastore-1", 1000, free);
      estate.registry.letPass(java.time.Duration.ofMinutes(1));
      turn(loop);
    }

    assertThat(notices("room"))
        .singleElement()
        .satisfies(
            notice ->
                assertThat(notice.message())
                    .contains("'datastore-1' at site 'munich'")
                    .contains("of 1000 GiB left, as it fills now it is full in"));
  }

  @Test
  void writesTheBreakGlassSheetAfterEachCycle() {
    Replica replica = estate.vm("web-01");

    ReplicationStatus made = turn(estate.loop(replica));

    assertThat(estate.recovery.sheets().get(replica.id())).contains(made.newest().id());
  }

  @Test
  void aSheetThatCannotBeWrittenCostsNoRestorePoint() {
    Replica replica = estate.vm("web-01");
    estate.recovery.script().fail("writeSheet", "r-web-01", Fault.DATASTORE_FULL, 1000);

    ReplicationStatus status = turn(estate.loop(replica));

    assertThat(status.newest()).isNotNull();
    assertThat(status.problem()).contains("could not write the break-glass sheet");
  }

  private static ReplicationStatus turn(WorkflowStub loop) {
    return loop.update("replicateNow", ReplicationStatus.class);
  }

  private List<DriftKind> found(Replica replica) {
    return estate.registry.watch().drift(replica.id()).stream().map(Drift::kind).toList();
  }

  private List<Notice> notices(String step) {
    return estate.people.notices().stream().filter(one -> one.step().equals(step)).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
