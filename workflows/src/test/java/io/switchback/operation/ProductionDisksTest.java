package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.SEEDING;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.port.FakeGrantActivities;
import io.switchback.port.GrantActivities.GrantRead;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** How a cycle reaches production's disks. */
class ProductionDisksTest {
  @AutoClose private final Estate estate = new Estate();

  @Test
  void readsByPathWhereNobodyServesDisks() {
    ReplicationStatus status = cycle(estate.protect("web-01", SEEDING));

    assertThat(status.rungs()).singleElement().asString().endsWith("; read by path");
    assertThat(estate.grants.asked()).isEmpty();
  }

  @Test
  void streamsFromProductionsWorkerUnderAGrantForThisVeryTransfer() {
    estate.production.serveDisks("10.1.0.5:7500");
    Replica replica = estate.protect("web-01", SEEDING);

    ReplicationStatus status = cycle(replica);

    GrantRead asked = estate.grants.asked().getLast();
    assertThat(asked.vm()).isEqualTo(replica.production());
    assertThat(asked.disk()).isEqualTo("p-web-01-disk-0");
    assertThat(asked.snapshot()).isEqualTo("switchback-id-web-01-" + status.cycle());
    assertThat(asked.capacityBytes()).isEqualTo(1 << 20);
    assertThat(asked.holder()).isEqualTo("munich");
    assertThat(asked.mandate().fence().step()).isGreaterThan(status.cycle() * 1000);
    assertThat(status.rungs())
        .singleElement()
        .asString()
        .endsWith("; streamed from 10.1.0.5:7500: " + FakeGrantActivities.words(asked));
  }

  @Test
  void goesOnUnderAnotherGrantWhenOneEndsDuringTheCopy() {
    estate.production.serveDisks("10.1.0.5:7500");
    estate.grants.lasting(Duration.ZERO);
    Replica replica = estate.protect("web-01", SEEDING);
    estate
        .recovery
        .script()
        .fail(
            "transferDisk", Estate.disk(replica), Fault.SITE_UNREACHABLE, Pace.DEFAULT.attempts());

    ReplicationStatus status = cycle(replica);

    assertThat(status.problem()).isEmpty();
    assertThat(estate.grants.asked())
        .as("of the first cycle")
        .filteredOn(asked -> asked.snapshot().endsWith("-1"))
        .extracting(asked -> asked.mandate().fence())
        .hasSize(2)
        .isSortedAccordingTo(java.util.Comparator.naturalOrder());
  }

  @Test
  void saysThatNobodyCanSignAGrantAndLeavesNothingAtProduction() {
    estate.production.serveDisks("10.1.0.5:7500");
    estate.grants.loseKey();
    Replica replica = estate.protect("web-01", SEEDING);

    ReplicationStatus status = estate.loop(replica).update("replicateNow", ReplicationStatus.class);

    assertThat(status.problem()).contains("there is no key");
    assertThat(estate.production.snapshots(replica.production())).isEmpty();
    assertThat(estate.registry.state(replica.id())).isNotEqualTo(READY);
  }

  private ReplicationStatus cycle(Replica replica) {
    return estate.loop(replica).update("replicateNow", ReplicationStatus.class);
  }
}
