package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class PartialFailoverTest {
  @AutoClose private final Estate estate = new Estate();

  @Test
  void failsSeveralVmsOverEachFromItsOwnRestorePoint() {
    Replica latest = estate.vm("web-01");
    Replica byId = estate.vm("db-01");
    Replica byTime = estate.vm("cache-01");

    OperationResult result =
        estate.run(
            "PartialFailover",
            """
            {"vms": ["web-01",
                     {"name": "db-01", "restorePoint": "db-01-0001"},
                     {"name": "cache-01", "restorePoint": "2026-01-01T01:30:00Z"}],
             "by": "ada", "reason": "fire"}
            """);

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.members())
        .extracting(MemberResult::vm, MemberResult::state, MemberResult::verified)
        .containsExactly(
            tuple("web-01", FAILOVER, true),
            tuple("db-01", FAILOVER, true),
            tuple("cache-01", FAILOVER, true));
    assertThat(estate.content(latest)).isEqualTo("point-2");
    assertThat(estate.content(byId)).isEqualTo("point-1");
    assertThat(estate.content(byTime)).isEqualTo("point-1");
    for (Replica replica : List.of(latest, byId, byTime)) {
      assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
      assertThat(estate.registry.isOnHold(replica.id())).isTrue();
      assertThat(estate.registry.isClaimed(replica.id())).isFalse();
      assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
    }
  }

  @Test
  void undoesFailoversAndDiscardsWhatTheReplicasWrote() {
    Replica replica = estate.vm("web-01");
    estate.run(
        "PartialFailover", "{\"vms\":[{\"name\":\"web-01\",\"restorePoint\":\"web-01-0001\"}]}");
    estate.write(replica, "written");

    OperationResult result = estate.run("UndoFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.members().getFirst().discardedBytes()).isEqualTo(7);
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY);
    assertThat(estate.registry.isOnHold(replica.id())).isFalse();
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.OFF);
    assertThat(estate.content(replica)).isEqualTo("point-2");
    assertThat(estate.woken).containsExactly(replica.id());
  }
}
