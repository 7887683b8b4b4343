package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.temporal.client.WorkflowStub;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class AdoptTest {
  @AutoClose private final Estate estate = new Estate();

  @Test
  void acceptsAReplicaThatRunsByHandAsFailedOverFromItsNewestPoint() {
    Replica replica = runningByHand();
    long before = estate.recovery.effects("powerOn", "r-web-01");

    MemberResult result = estate.runOne("Adopt", "{\"vms\":[\"web-01\"]}");

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(result.verified()).isTrue();
    assertThat(result.notes())
        .contains("runs from restore point web-01-0002, and has 7 bytes on top of it");
    assertThat(estate.recovery.effects("powerOn", "r-web-01")).isEqualTo(before);
    assertThat(estate.content(replica)).isEqualTo("by hand");
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
    assertThat(estate.registry.isOnHold(replica.id())).isTrue();
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
  }

  @Test
  void canBeUndoneAsAFailoverCan() {
    Replica replica = runningByHand();
    estate.run("Adopt", "{\"vms\":[\"web-01\"]}");

    OperationResult result = estate.run("UndoFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.content(replica)).isEqualTo("point-2");
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY);
  }

  @Test
  void aReplicaThatIsOffParksAndAbortLeavesItReady() {
    Replica replica = estate.vm("web-01");
    WorkflowStub run = estate.start("Adopt", "{\"vms\":[\"web-01\"]}");
    assertThat(estate.parked(replica).message()).contains("it is off");

    estate.answer(replica, "abort");

    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY);
    assertThat(estate.registry.isOnHold(replica.id())).isFalse();
  }

  @Test
  void asksForAWordWhenProductionStillRunsAtItsAddress() {
    Replica replica = runningByHand();
    estate.production.power(replica.production(), PowerState.ON);
    WorkflowStub run = estate.start("Adopt", "{\"vms\":[\"web-01\"]}");

    assertThat(estate.parked(replica).step()).isEqualTo("productionStillRuns");
    estate.answer(replica, "acknowledge", "cut off");

    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.DONE);
  }

  private Replica runningByHand() {
    Replica replica = estate.vm("web-01");
    estate.recovery.power(replica.recovery(), PowerState.ON);
    estate.write(replica, "by hand");
    return replica;
  }
}
