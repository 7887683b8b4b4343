package io.switchback.worker;

import static io.switchback.worker.LabEstate.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.Transfer;
import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabDiskSink;
import io.switchback.lab.LabDiskSource;
import io.switchback.lab.LabFence;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.SiteResources;
import io.switchback.lab.SnapshotView;
import io.switchback.lab.Stamp;
import io.switchback.lab.VmChange;
import io.switchback.lab.VmDefinition;
import io.switchback.lab.VmView;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.RestorePoint;
import io.switchback.operation.MemberResult;
import io.switchback.operation.NewcomersStatus;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationStatus;
import io.switchback.port.Payloads;
import io.switchback.registry.EstateView.ReplicaView;
import io.temporal.client.WorkflowStub;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** How VMs come under protection and out of it between two lab sites, with real disks. */
@Tag("process")
class LabProtectionIT {
  private static final Stamp BEFORE_PROTECTION =
      new Stamp("set-up", "set-up", new LabFence(1, 0, 0, 0));

  @TempDir Path directory;

  private LabEstate estate;

  @BeforeEach
  void start() throws Exception {
    estate = new LabEstate(directory, SiteResources.usual());
  }

  @AfterEach
  void stop() throws Exception {
    estate.close();
  }

  @Test
  void unprotectLeavesNothingOfWhatProtectHasMade() throws Exception {
    estate.create("web-01");
    Map<String, List<String>> before = estate.everything();

    done("Protect", "{\"vms\":[\"web-01\"],\"from\":\"berlin\",\"to\":\"potsdam\"}");
    assertThat(estate.cycle("web-01").problem()).isEmpty();
    assertThat(estate.site("potsdam").resolve("break-glass")).isNotEmptyDirectory();
    assertThat(estate.everything()).isNotEqualTo(before);
    done("Unprotect", "{\"vms\":[\"web-01\"],\"replica\":\"remove\"}");

    assertThat(estate.everything()).isEqualTo(before);
  }

  @Test
  void aSeedGetsOnlyTheBlocksThatDiffer() throws Exception {
    estate.create("web-01");
    estate.recovery.createVm(
        new VmDefinition(
            "old",
            "old-web",
            List.of(),
            List.of(DiskDefinition.empty("old-0", 8 * MIB)),
            GuestDefinition.usual(),
            false),
        null);
    estate.production.createSnapshot("web-01", "backup", false, null);
    List<ByteRange> differing =
        List.of(
            new ByteRange(MIB, 64 << 10),
            new ByteRange(3 * MIB + (128 << 10), 64 << 10),
            new ByteRange(8 * MIB - (256 << 10), 64 << 10));
    restoreBackupOfLongAgo(differing);
    SnapshotView before = estate.recovery.createSnapshot("old", "before", false, null);

    done(
        "Protect",
        "{\"vms\":[{\"name\":\"web-01\",\"seed\":{\"vm\":\"old-web\"}}],\"from\":\"berlin\",\"to\":\"potsdam\"}");
    LabEstate.until("the first copy", () -> isReady("web-01"));

    ReplicaView replica = estate.now("web-01");
    assertThat(replica.state()).isEqualTo(ReplicaState.READY);
    assertThat(replica.replica().recovery().id()).isEqualTo("old");
    RestorePoint point = replica.points().getLast();
    assertThat(estate.bytes("potsdam", "old", "old-0", point.snapshot()))
        .isEqualTo(estate.bytes("berlin", "web-01", "web-01-0", "backup"));
    assertThat(changedSince(before, point)).isEqualTo(differing);
    assertThat(bytesWrittenByTheFirstCycle()).isEqualTo(3 * (64 << 10));
    LabEstate.until("it is shown", () -> !shown("web-01").rungs().isEmpty());
    assertThat(shown("web-01").rungs())
        .singleElement()
        .asString()
        .contains("FULL_COMPARISON", "both sides were read");
  }

  private ReplicationStatus shown(String vm) {
    return estate
        .client
        .newUntypedWorkflowStub(Replication.workflowId(estate.now(vm).replica().id()))
        .query("status", ReplicationStatus.class);
  }

  /** The seed is production's disk, but for blocks that were something else then. */
  private void restoreBackupOfLongAgo(List<ByteRange> differing) throws Exception {
    try (LabDiskSource source =
            LabDiskSource.open(estate.site("berlin"), "web-01", "web-01-0", "backup");
        LabDiskSink sink = LabDiskSink.open(estate.recovery, "old", "old-0", BEFORE_PROTECTION)) {
      new Transfer(source, sink, new ChangedAreas.Unknown("a backup"), progress -> {}).run();
      List<Batch.Piece> pieces = new ArrayList<>();
      for (ByteRange range : differing) {
        byte[] then = new byte[(int) range.lengthBytes()];
        Arrays.fill(then, (byte) 7);
        pieces.add(new Batch.Data(range.offsetBytes(), ByteBuffer.wrap(then)));
      }
      sink.write(new Batch(pieces));
      sink.flush();
    }
  }

  /** By the recovery site's own change tracking. */
  private List<ByteRange> changedSince(SnapshotView before, RestorePoint point) {
    String id =
        estate.recovery.snapshots("old").stream()
            .filter(snapshot -> snapshot.name().equals(point.snapshot()))
            .findFirst()
            .orElseThrow()
            .id();
    return estate.recovery.changedAreas("old", "old-0", before.changeIds().get("old-0"), id);
  }

  /** By the recovery site's effect journal. */
  private long bytesWrittenByTheFirstCycle() throws Exception {
    long bytes = 0;
    for (String line : Files.readAllLines(estate.site("potsdam").resolve("effects.jsonl"))) {
      JsonNode effect = Payloads.mapper().readTree(line);
      if (effect.path("kind").asString().equals("flush")
          && effect.path("operationId").asString("").startsWith("cycle/")) {
        bytes += effect.path("details").path("bytes").asLong();
      }
    }
    return bytes;
  }

  @Test
  void aNewcomerWithTheTagJoinsByItselfAndIsReported() throws Exception {
    estate.create("web-01", "gold");
    done(
        "Protect",
        "{\"tag\":\"gold\",\"from\":\"berlin\",\"to\":\"potsdam\",\"every\":\"PT1S\",\"policy\":{\"name\":\"gold\",\"interval\":\"PT1H\"}}");

    estate.create("plain-01");
    VmView late = estate.create("db-01", "gold");
    LabEstate.until("db-01 has joined", () -> status().joined().contains("db-01"));
    LabEstate.until("its first copy", () -> isReady("db-01"));

    assertThat(status().joined()).containsExactly("db-01");
    assertThat(status().failed()).isEmpty();
    assertThat(estate.now("db-01").policy().name()).isEqualTo("gold");
    assertThat(estate.find("plain-01")).isEmpty();
    assertThat(audit("JOINED")).anySatisfy(line -> assertThat(line).contains("db-01"));

    estate.production.reconfigureVm(late.id(), VmChange.none().tags(List.of()), null);
    LabEstate.until("db-01 has left", () -> status().left().contains("db-01"));
    assertThat(estate.find("db-01")).as("who has left stays protected").isPresent();
    done("Unprotect", "{\"tag\":\"gold\",\"from\":\"berlin\"}");
    loop().getResult(Void.class);
  }

  @Test
  void anotherPlacementAndNetworkReachTheVmWithTheNextCycle() throws Exception {
    estate.create("web-01");
    done("Protect", "{\"vms\":[\"web-01\"],\"from\":\"berlin\",\"to\":\"potsdam\"}");
    LabEstate.until("the first copy", () -> isReady("web-01"));
    String id = estate.now("web-01").replica().recovery().id();

    done(
        "Reconfigure",
        "{\"vms\":[\"web-01\"],\"placement\":{\"host\":\"host-1\",\"folder\":\"dr/web\"},\"networks\":{\"lan\":\"dr-two\"}}");
    assertThat(estate.cycle("web-01").problem()).isEmpty();

    VmView moved = estate.recovery.look(id);
    assertThat(moved.host()).isEqualTo("host-1");
    assertThat(moved.folder()).isEqualTo("dr/web");
    assertThat(moved.networks()).extracting(NetworkCard::network).containsExactly("dr-two");
    assertThat(estate.now("web-01").replica().networks()).containsExactly("dr-two");
    long changes = reshapings();
    assertThat(estate.cycle("web-01").problem()).isEmpty();
    assertThat(reshapings()).as("it is moved once").isEqualTo(changes);

    MemberResult refused =
        estate
            .run("Reconfigure", "{\"vms\":[\"web-01\"],\"placement\":{\"host\":\"host-9\"}}")
            .members()
            .getFirst();
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.notes().toString()).contains("has no host 'host-9'; there are host-1");
  }

  private long reshapings() throws Exception {
    return Files.readAllLines(estate.site("potsdam").resolve("effects.jsonl")).stream()
        .filter(line -> line.contains("\"kind\":\"reconfigureVm\""))
        .count();
  }

  private boolean isReady(String vm) {
    return estate.find(vm).filter(one -> one.state() == ReplicaState.READY).isPresent();
  }

  private NewcomersStatus status() {
    return loop().query("status", NewcomersStatus.class);
  }

  private WorkflowStub loop() {
    return estate.client.newUntypedWorkflowStub("protection/berlin/tag/gold");
  }

  private List<String> audit(String outcome) throws Exception {
    return estate.column(
        "select replica_id || ' ' || detail from audit where outcome = '%s'".formatted(outcome));
  }

  private void done(String type, String input) {
    OperationResult result = estate.run(type, input);
    assertThat(result.outcome())
        .as(result.members().stream().map(MemberResult::notes).toList().toString())
        .isEqualTo(Outcome.DONE);
  }
}
