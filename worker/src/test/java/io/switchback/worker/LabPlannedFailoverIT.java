package io.switchback.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.LabClient;
import io.switchback.lab.PowerState;
import io.switchback.lab.SiteResources;
import io.switchback.lab.VmView;
import io.switchback.lab.witness.FailoverTestimony;
import io.switchback.lab.witness.ProductionTestimony;
import io.switchback.lab.witness.Witness;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.RestorePoint;
import io.switchback.operation.MemberResult;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Planned failovers between two lab sites: guests that write until they are shut down. */
@Tag("process")
class LabPlannedFailoverIT {
  private static final String WEB = "{\"vms\":[\"web-01\"]}";

  @TempDir Path directory;

  private LabEstate estate;
  private LabClient production;

  @BeforeEach
  void start() throws Exception {
    estate = new LabEstate(directory, SiteResources.usual());
    production = estate.production;
    estate.create("web-01");
    production.powerOn("web-01", null);
    LabEstate.until("its guest", () -> production.look("web-01").toolsReady());
    done(
        estate.run(
            "Protect",
            """
            {"vms": ["web-01"], "from": "berlin", "to": "potsdam",
             "policy": {"name": "hourly", "interval": "PT1H", "retention": {"points": 1}}}
            """));
    LabEstate.until("the first point", () -> !estate.now("web-01").points().isEmpty());
    assertThat(estate.cycle("web-01").problem()).isEmpty();
  }

  @AfterEach
  void stop() throws Exception {
    estate.close();
  }

  @Test
  void theLastRecordThatProductionWroteIsTheLastFoundOnTheReplica() throws Exception {
    List<RestorePoint> older = estate.now("web-01").points();

    MemberResult moved = done(estate.run("PlannedFailover", WEB));

    FailoverTestimony seen =
        Witness.failover(estate.site("berlin"), "web-01", estate.site("potsdam"), replica().name());
    assertThat(seen.mistakes()).isEmpty();
    assertThat(seen.recordsLost()).isZero();
    assertThat(seen.rpoRecords()).as("written after the restore point").isZero();
    assertThat(seen.recordsWhole()).isPositive().isEqualTo(seen.writtenAtProduction());
    assertThat(seen.flushedBefore()).as("the guest has flushed").isEqualTo(seen.writtenBefore());
    assertThat(moved.rpo()).isEqualTo(Duration.ZERO);
    assertThat(moved.state()).isEqualTo(ReplicaState.FAILOVER);
    assertThat(production.look("web-01").power()).isEqualTo(PowerState.OFF);
    assertThat(production.snapshots("web-01")).isEmpty();
    assertThat(replica().power()).isEqualTo(PowerState.ON);
    assertThat(estate.now("web-01").points())
        .as("two more, and retention keeps one")
        .hasSize(older.size() + 2)
        .endsWith(older.toArray(RestorePoint[]::new));

    MemberResult undone = done(estate.run("UndoFailover", WEB));

    assertThat(undone.state()).isEqualTo(ReplicaState.READY);
    assertThat(replica().power()).isEqualTo(PowerState.OFF);
    assertThat(production.look("web-01").power()).isEqualTo(PowerState.ON);
    ProductionTestimony still = Witness.production(estate.site("berlin"), "web-01");
    assertThat(still.mistakes()).isEmpty();
    assertThat(still.recordsWhole()).isGreaterThanOrEqualTo(seen.recordsWhole());
    assertThat(estate.cycle("web-01").problem()).isEmpty();
    assertThat(estate.now("web-01").points()).as("retention goes on").hasSize(1);
  }

  private VmView replica() {
    return estate.recovery.look(estate.now("web-01").replica().recovery().id());
  }

  private static MemberResult done(OperationResult result) {
    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.DONE);
    return result.members().getFirst();
  }
}
