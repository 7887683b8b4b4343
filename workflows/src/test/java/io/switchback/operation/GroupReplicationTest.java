package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.SEEDING;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupReplicationTest {
  @AutoClose private final Estate estate = new Estate();
  private Replica app;
  private Replica db;
  private WorkflowStub loop;

  @BeforeEach
  void form() {
    app = estate.protect("app-01", SEEDING);
    db = estate.protect("db-01", SEEDING);
    estate.registry.group("erp", app.id(), db.id());
    loop = estate.groupLoop("erp");
  }

  @Test
  void makesOnePointOfPartsThatWereSnapshottedTogether() {
    GroupReplicationStatus status = cycle();

    assertThat(status.problem()).isEmpty();
    assertThat(status.newest()).isNotNull();
    assertThat(status.newest().id()).isEqualTo("erp-%04d".formatted(status.cycle()));
    assertThat(estate.registry.groupPoints("erp").get(status.newest().id()))
        .isEqualTo(Map.of(app.id(), newest(app), db.id(), newest(db)));
    assertThat(estate.registry.state(app.id())).isEqualTo(READY);
    assertThat(estate.production.snapshots(app.production())).isEmpty();
    assertThat(estate.production.snapshots(db.production())).isEmpty();
  }

  @Test
  void makesNoPointOfTheGroupWhenAMemberComesToNothingAndSaysWhy() {
    GroupReplicationStatus first = cycle();
    int before = estate.registry.restorePoints(app.id()).size();
    estate.recovery.script().fail("transferDisk", Estate.disk(db), Fault.DATASTORE_FULL, 1);

    GroupReplicationStatus status = cycle();

    assertThat(status.problem()).contains("'db-01'").contains("test says so");
    assertThat(status.newest()).isEqualTo(first.newest());
    assertThat(estate.registry.groupPoints("erp"))
        .doesNotContainKey("erp-%04d".formatted(status.cycle()));
    assertThat(estate.registry.restorePoints(app.id())).as("its own point").hasSize(before + 1);
    assertThat(estate.production.snapshots(db.production())).isEmpty();
    assertThat(cycle().newest()).isNotEqualTo(first.newest());
  }

  @Test
  void goesOnForTheOthersWhileAMemberServesInProductionsPlace() {
    GroupReplicationStatus first = cycle();
    estate.registry.state(db.id(), FAILOVER);

    GroupReplicationStatus status = cycle();

    assertThat(status.problem()).contains("'db-01'").contains("FAILOVER");
    assertThat(estate.registry.restorePoints(app.id())).hasSizeGreaterThanOrEqualTo(2);
    assertThat(status.newest()).isEqualTo(first.newest());
  }

  @Test
  void leavesTheMembersOwnLoopsToWakeIt() {
    WorkflowStub own = estate.loop(app);

    ReplicationStatus status = own.update("replicateNow", ReplicationStatus.class);

    assertThat(status.phase()).contains("loop of group 'erp'");
    assertThat(estate.woken).contains("erp");
  }

  @Test
  void endsWhenTheGroupIsGone() {
    cycle();
    estate.registry.remove(app.id());
    estate.registry.remove(db.id());

    loop.update("replicateNow", GroupReplicationStatus.class);

    estate.result(loop, Void.class);
  }

  @Test
  void makesNoPointWhenTheSiteCannotSnapshotTheGroup() {
    estate.production.script().fail("createGroupSnapshot", "erp", Fault.DATASTORE_FULL, 5);

    GroupReplicationStatus status = cycle();

    assertThat(status.problem()).contains("'app-01'").contains("'db-01'");
    assertThat(status.newest()).isNull();
    assertThat(estate.registry.restorePoints(app.id())).isEmpty();
    assertThat(estate.registry.abandoned(app.id())).isNotEmpty();
  }

  @Test
  void isAsPatientAsTheSitesOfItsMembersAreWhenACycleBegins() {
    cycle();
    estate.protection.pace(new Pace(null, null, 1, null, null));
    estate.production.script().fail("createGroupSnapshot", "erp", Fault.SITE_UNREACHABLE, 1);

    assertThat(cycle().problem()).as("after the only attempt").isNotEmpty();
    estate.protection.pace(new Pace(null, null, 2, Duration.ofMillis(100), null));
    estate.production.script().fail("createGroupSnapshot", "erp", Fault.SITE_UNREACHABLE, 1);
    assertThat(cycle().problem()).isEmpty();
  }

  @Test
  void failsOverToTheGroupsNewestOrNamedPointAndBackByItsName() {
    String first = requireNonNull(cycle().newest()).id();
    String second = requireNonNull(cycle().newest()).id();
    Map<String, String> parts = estate.registry.groupPoints("erp").get(second);
    Map<String, String> firstParts = estate.registry.groupPoints("erp").get(first);

    OperationResult newest = estate.run("PartialFailover", "{\"group\":\"erp\"}");

    assertThat(newest.outcome()).isEqualTo(Outcome.DONE);
    assertThat(newest.notes()).isEmpty();
    assertThat(snapshotsOf(newest)).isEqualTo(parts);
    OperationResult undone = estate.run("UndoFailover", "{\"group\":\"erp\"}");
    assertThat(undone.outcome()).isEqualTo(Outcome.DONE);
    assertThat(undone.members()).extracting(MemberResult::vm).containsExactly("app-01", "db-01");

    OperationResult named =
        estate.run(
            "PartialFailover", "{\"group\":\"erp\",\"restorePoint\":\"%s\"}".formatted(first));
    assertThat(snapshotsOf(named)).isEqualTo(firstParts).isNotEqualTo(parts);
  }

  @Test
  void aVmThatGoesWithoutItsGroupIsToldInTheResult() {
    cycle();

    OperationResult alone = estate.run("PartialFailover", "{\"vms\":[\"app-01\"]}");

    assertThat(alone.outcome()).isEqualTo(Outcome.DONE);
    assertThat(alone.notes()).singleElement().asString().contains("group 'erp'");
  }

  private Map<String, String> snapshotsOf(OperationResult result) {
    Map<String, String> snapshots = new HashMap<>();
    for (MemberResult member : result.members()) {
      Replica replica = member.vm().equals("db-01") ? db : app;
      snapshots.put(replica.id(), requireNonNull(member.restorePoint()).snapshot());
    }
    return snapshots;
  }

  private GroupReplicationStatus cycle() {
    return loop.update("replicateNow", GroupReplicationStatus.class);
  }

  private String newest(Replica replica) {
    return List.copyOf(estate.registry.restorePoints(replica.id())).getLast().snapshot();
  }
}
