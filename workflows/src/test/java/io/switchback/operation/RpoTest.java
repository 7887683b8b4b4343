package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.SEEDING;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.port.NotifyActivities.Notice;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RpoTest {
  @AutoClose private final Estate estate = new Estate();

  @Test
  void tellsOnceThatTheNewestPointIsTooOldAndOnceThatItIsNotAnyMore() {
    Replica replica = following("web-01");
    estate.production.reachable(false);

    estate.environment().sleep(Duration.ofHours(3));
    assertThat(told()).hasSize(1);
    estate.production.reachable(true);
    estate.until("told twice", () -> told().size() == 2);
    estate.environment().sleep(Duration.ofHours(1));

    assertThat(told()).hasSize(2);
    assertThat(told().getFirst().message())
        .contains("older than its objective of PT10M")
        .contains("nobody answers");
    assertThat(told().getFirst().vm()).isEqualTo(replica.name());
    assertThat(told().getLast().message()).contains("within its objective of PT10M again");
    assertThat(told().getFirst().id()).isNotEqualTo(told().getLast().id());
  }

  @Test
  void tellsWhileACycleHangsInItsTransfer() {
    Replica replica = estate.protect("web-01", SEEDING);
    WorkflowStub loop = estate.loop(replica, new Pace(null, null, 1000, null, null));
    loop.update("replicateNow", ReplicationStatus.class);
    estate
        .recovery
        .script()
        .fail("transferDisk", Estate.disk(replica), Fault.SITE_UNREACHABLE, 500);

    estate.until("told in the middle of a transfer", () -> !told().isEmpty());

    assertThat(told().getFirst().message()).contains("sends disk");
    assertThat(loop.query("status", ReplicationStatus.class).phase()).contains("sends disk");
  }

  @Test
  void remembersOverItsRunsWhatItHasTold() {
    Replica replica = following("web-01");
    WorkflowStub first = loopOf(replica);
    String firstRun = first.describe().getExecution().getRunId();
    estate.production.reachable(false);
    estate.environment().sleep(Duration.ofHours(10));

    assertThat(loopOf(replica).describe().getExecution().getRunId()).isNotEqualTo(firstRun);
    assertThat(told()).hasSize(1);
    estate.production.reachable(true);
    estate.until("told twice", () -> told().size() == 2);
  }

  @Test
  void measuresNothingWhileTheReplicaServes() {
    Replica replica = following("web-01");
    estate.registry.state(replica.id(), FAILOVER);
    loopOf(replica).update("replicateNow", ReplicationStatus.class);

    estate.environment().sleep(Duration.ofHours(5));

    assertThat(told()).isEmpty();
  }

  @Test
  void tellsOnceOfAFaultThatOnlyAPersonCanMend() {
    Replica replica = following("web-01");
    estate.recovery.script().fail("transferDisk", Estate.disk(replica), Fault.DATASTORE_FULL, 3);

    for (int i = 0; i < 3; i++) {
      loopOf(replica).update("replicateNow", ReplicationStatus.class);
    }
    estate.until("told", () -> !notices("cycle").isEmpty());
    loopOf(replica).update("replicateNow", ReplicationStatus.class);

    assertThat(notices("cycle")).hasSize(1);
    assertThat(notices("cycle").getFirst().fault()).isEqualTo("DATASTORE_FULL");
  }

  private Replica following(String vm) {
    Replica replica = estate.protect(vm, SEEDING);
    estate.loop(replica).update("replicateNow", ReplicationStatus.class);
    return replica;
  }

  private WorkflowStub loopOf(Replica replica) {
    return estate.client().newUntypedWorkflowStub(Replication.workflowId(replica.id()));
  }

  private List<Notice> told() {
    return notices("rpo");
  }

  private List<Notice> notices(String step) {
    return estate.people.notices().stream().filter(notice -> notice.step().equals(step)).toList();
  }
}
