package io.switchback.worker.crash;

import static io.switchback.lab.witness.Witness.failback;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.LabClient;
import io.switchback.lab.LabDiskSource;
import io.switchback.lab.PowerState;
import io.switchback.lab.SnapshotView;
import io.switchback.lab.witness.FailbackTestimony;
import io.switchback.operation.SwitchTimer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * One more round of a failback that waits for its switch: asked for by a person, and then switched
 * over; or by its timer, and then cancelled.
 */
final class RoundStory extends Story {
  private final boolean isTimed;
  private byte[] production = {};
  private long rounds;

  RoundStory(CrashEstate estate, boolean isTimed) {
    super(estate);
    this.isTimed = isTimed;
  }

  @Override
  void before() throws Exception {
    protect();
    failOver();
    production = productionNow("as-it-was");
    done(start("Failback", Map.of("vms", List.of(vm), "switchover", "manual", "powerOn", false)));
    rounds = rounds();
    // The guest of the replica writes on: there is something to send.
  }

  @Override
  Begun begin() {
    if (!isTimed) {
      return begun(start("ResynchroniseFailback", Map.of("vms", List.of(vm))));
    }
    assertThat(
            estate.change(
                "update failback set round_at = round_at - interval '7 hours' where replica_id = '%s'"
                    .formatted(replicaId())))
        .isOne();
    estate
        .temporal
        .newUntypedWorkflowStub(SwitchTimer.workflowId(replicaId()))
        .signal(SwitchTimer.WAKE);
    return new Begun(
        List.of("replica/" + replicaId()),
        () ->
            CrashEstate.until(
                "the round that the timer makes", () -> rounds() > rounds && !isClaimed()));
  }

  private boolean isClaimed() {
    return estate.count(
            "select count(*) from claim where replica_id = '%s' and released_at is null"
                .formatted(replicaId()))
        > 0;
  }

  /** How many were recorded; one whose answer was lost is found there by the next attempt. */
  private long rounds() {
    return estate.count(
        "select count(*) from audit where replica_id = '%s' and step = 'recordRound' and outcome in ('DONE', 'ALREADY_SO')"
            .formatted(replicaId()));
  }

  @Override
  void after() throws Exception {
    assertThat(rounds()).as("one round").isEqualTo(rounds + 1);
    assertThat(replicaView().orElseThrow().power()).as("serves on").isEqualTo(PowerState.ON);
    assertThat(estate.production.look(vm).power()).isEqualTo(PowerState.OFF);
    assertThat(ours(estate.recovery, replicaVm().orElseThrow(), "-round-")).hasSize(1);
    assertThat(ours(estate.production, vm, "-mark-")).hasSize(1);
    if (isTimed) {
      cancel();
    } else {
      switchOver();
    }
    assertThat(ours(estate.recovery, replicaVm().orElseThrow(), "-round-")).isEmpty();
    assertThat(ours(estate.production, vm, "switchback-")).isEmpty();
    assertThat(
            estate.count(
                "select count(*) from failback where replica_id = '%s'".formatted(replicaId())))
        .isZero();
    tidy();
  }

  private void cancel() throws Exception {
    done(start("CancelFailback", Map.of("vms", List.of(vm))));
    assertThat(productionNow("after")).as("production as it was").isEqualTo(production);
    done(start("UndoFailover", Map.of("vms", List.of(vm))));
  }

  private void switchOver() throws Exception {
    done(start("SwitchOver", Map.of("vms", List.of(vm))));
    FailbackTestimony home =
        failback(
            estate.directory.resolve("potsdam"),
            vm + "_replica",
            estate.directory.resolve("berlin"),
            vm);
    assertThat(home.mistakes()).isEmpty();
    assertThat(home.recordsLost()).isZero();
    assertThat(home.recordsOfReplica()).isPositive();
    done(start("CommitFailback", Map.of("vms", List.of(vm))));
  }

  private byte[] productionNow(String snapshot) throws IOException {
    estate.production.createSnapshot(vm, snapshot, false, null);
    try (LabDiskSource source =
        LabDiskSource.open(estate.directory.resolve("berlin"), vm, vm + "-disk-0", snapshot)) {
      ByteBuffer all = ByteBuffer.allocate((int) source.capacityBytes());
      source.read(0, all);
      return all.array();
    }
  }

  private static List<String> ours(LabClient site, String where, String part) {
    return site.snapshots(where).stream()
        .map(SnapshotView::name)
        .filter(name -> name.startsWith("switchback-") && name.contains(part))
        .toList();
  }
}
