package io.switchback.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.SiteResources;
import io.switchback.lab.VmChange;
import io.switchback.lab.VmDefinition;
import io.switchback.model.DiskPair;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.operation.DefineGroup;
import io.switchback.operation.GroupReplication;
import io.switchback.operation.GroupReplicationStatus;
import io.switchback.operation.GroupResult;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationStatus;
import io.switchback.port.Payloads;
import io.switchback.port.Queues;
import io.switchback.registry.Estate;
import io.switchback.registry.EstateView.ReplicaView;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replication between two lab sites: real disks, a real registry, and guests that write. */
@Tag("process")
class LabReplicationIT {
  private static final long MIB = 1 << 20;

  /** Each is looked at; a guest that wrote past its leader would be seen in a few of them. */
  private static final int GROUP_POINTS = 60;

  @TempDir Path directory;

  private LabEstate estate;
  private LabClient production;
  private LabClient recovery;
  private WorkflowClient client;

  @BeforeEach
  void start() throws Exception {
    estate = new LabEstate(directory, SiteResources.usual());
    production = estate.production;
    recovery = estate.recovery;
    client = estate.client;
  }

  @AfterEach
  void stop() throws Exception {
    estate.close();
  }

  @Test
  void theReplicaFollowsDisksHardwareAndNameOfProduction() throws Exception {
    create("web-01", GuestDefinition.usual());
    Replica replica = protect("web-01");
    WorkflowStub loop = loop(replica);
    ReplicationStatus first = cycle(loop);
    assertThat(first.problem()).isEmpty();
    assertThat(first.rungs())
        .as("potsdam's worker does not know berlin")
        .allSatisfy(rung -> assertThat(rung).contains("streamed from 127.0.0.1:"));

    production.addDisk("web-01", new DiskDefinition("disk-1", 8 * MIB, 4 * MIB), null);
    assertThat(cycle(loop).problem()).isEmpty();
    assertEqualDisks("web-01", "web-01-0", "disk-1");

    production.growDisk("web-01", "disk-1", 12 * MIB, null);
    assertThat(cycle(loop).problem()).isEmpty();
    assertEqualDisks("web-01", "web-01-0", "disk-1");
    assertThat(estate.now("web-01").replica().disks())
        .extracting(DiskPair::capacityBytes)
        .containsExactly(8 * MIB, 12 * MIB);

    production.reconfigureVm("web-01", VmChange.none().name("shop-01").cpus(4), null);
    assertThat(cycle(loop).problem()).isEmpty();
    assertThat(estate.now("shop-01").replica().production().id()).isEqualTo("web-01");
    assertThat(recovery.look(replica.recovery().id()).name()).startsWith("shop-01");

    String twoDisks = estate.now("shop-01").points().getFirst().id();
    production.removeDisk("web-01", "disk-1", null);
    assertThat(cycle(loop).problem()).isEmpty();
    assertThat(estate.now("shop-01").replica().disks()).hasSize(1);
    assertThat(recovery.look(replica.recovery().id()).disks()).hasSize(1);

    assertThat(failOver("{\"vms\":[{\"name\":\"shop-01\",\"restorePoint\":\"" + twoDisks + "\"}]}"))
        .isEqualTo(Outcome.DONE);
    assertThat(recovery.look(replica.recovery().id()).disks())
        .as("an older point brings its disks back")
        .hasSize(2);
  }

  @Test
  void readsProductionOnlyAfterAResetOfChangeTracking() throws Exception {
    create("web-01", GuestDefinition.usual());
    Replica replica = protect("web-01");
    WorkflowStub loop = loop(replica);
    assertThat(cycle(loop).problem()).isEmpty();
    production.resetTracking("web-01", "web-01-0", null);

    ReplicationStatus compared = cycle(loop);

    assertThat(compared.problem()).isEmpty();
    assertThat(compared.rungs())
        .singleElement()
        .asString()
        .contains("STORED_DIGESTS", "change tracking was reset");
    assertEqualDisks("web-01", "web-01-0");

    recovery.resetTracking(
        replica.recovery().id(), replica.disks().getFirst().recoveryDisk(), null);
    assertThat(cycle(loop).rungs()).singleElement().asString().contains("STORED_DIGESTS");

    recovery.revert(
        replica.recovery().id(), estate.now("web-01").points().getFirst().snapshot(), null);
    production.resetTracking("web-01", "web-01-0", null);
    assertThat(cycle(loop).rungs())
        .singleElement()
        .asString()
        .contains("FULL_COMPARISON", "written or reverted since its digests were stored");
    assertEqualDisks("web-01", "web-01-0");
  }

  @Test
  void saysThatProductionsVmIsGone() throws Exception {
    create("web-01", GuestDefinition.usual());
    WorkflowStub loop = loop(protect("web-01"));
    cycle(loop);
    production.deleteVm("web-01", null);

    assertThat(cycle(loop).problem()).contains("has no VM 'web-01' any more");
    assertThat(estate.now("web-01").points()).isNotEmpty();
  }

  @Test
  void aGroupFailsOverToOneMoment() throws Exception {
    create("app", new GuestDefinition(200.0, 1, null, null, null, null));
    create("db", new GuestDefinition(200.0, 1, null, null, null, "app"));
    production.powerOn("app", null);
    production.powerOn("db", null);
    Replica app = protect("app");
    Replica db = protect("db");
    GroupResult defined = define("{\"group\":\"erp\",\"vms\":[\"app\",\"db\"]}");
    assertThat(defined.vms()).containsExactly("app", "db");

    WorkflowStub group = client.newUntypedWorkflowStub(GroupReplication.workflowId("erp"));
    for (int cycle = 0; cycle < GROUP_POINTS; cycle++) {
      GroupReplicationStatus status = group.update("replicateNow", GroupReplicationStatus.class);
      assertThat(status.problem()).isEmpty();
      long records = records(estate.now("app"));
      assertThat(records).isPositive();
      assertThat(records(estate.now("db")))
          .as("cycle " + cycle)
          .isPositive()
          .isLessThanOrEqualTo(records);
    }

    String chosen = new Estate(estate.registry).read(0).groups().getFirst().points().get(2);
    assertThat(refusal("{\"vms\":[{\"name\":\"app\",\"restorePoint\":\"%s\"}]}".formatted(chosen)))
        .contains("is of all of group 'erp'");
    assertThat(failOver("{\"group\":\"erp\",\"restorePoint\":\"%s\"}".formatted(chosen)))
        .isEqualTo(Outcome.DONE);

    RestorePoint ofApp = standsOn(app);
    RestorePoint ofDb = standsOn(db);
    assertThat(ofApp).isNotEqualTo(estate.now("app").points().getFirst());
    long first = records(app, ofApp);
    assertThat(records(db, ofDb)).isPositive().isLessThanOrEqualTo(first);
  }

  private void create(String name, GuestDefinition guest) {
    production.createVm(
        new VmDefinition(
            name,
            name,
            List.of(new NetworkCard("tenant", true, null)),
            List.of(new DiskDefinition(name + "-0", 8 * MIB, MIB)),
            guest,
            false),
        null);
  }

  private Replica protect(String vm) {
    String input =
        """
        {"vms": ["%s"], "from": "berlin", "to": "potsdam", "networks": {"tenant": "tenant"},
         "policy": {"name": "hourly", "interval": "PT1H"}}
        """
            .formatted(vm);
    OperationResult result = run("Protect", input).getResult(OperationResult.class);
    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.DONE);
    return estate.now(vm).replica();
  }

  private WorkflowStub loop(Replica replica) {
    return client.newUntypedWorkflowStub(Replication.workflowId(replica.id()));
  }

  private static ReplicationStatus cycle(WorkflowStub loop) {
    return loop.update("replicateNow", ReplicationStatus.class);
  }

  private GroupResult define(String input) {
    return run(DefineGroup.TYPE, input).getResult(GroupResult.class);
  }

  private Outcome failOver(String input) {
    return run("PartialFailover", acknowledged(input)).getResult(OperationResult.class).outcome();
  }

  private static String acknowledged(String input) {
    return input.substring(0, input.length() - 1)
        + ",\"overrides\":[{\"check\":\"productionStillRuns\",\"by\":\"test\",\"reason\":\"copies\"}]}";
  }

  private String refusal(String input) {
    try {
      run("PartialFailover", input).getResult(OperationResult.class);
      return "";
    } catch (WorkflowFailedException refused) {
      return String.valueOf(refused.getCause());
    }
  }

  private WorkflowStub run(String type, String input) {
    WorkflowStub run =
        client.newUntypedWorkflowStub(
            type, WorkflowOptions.newBuilder().setTaskQueue(Queues.SWITCHBACK).build());
    run.start(Payloads.mapper().readTree(input));
    return run;
  }

  private RestorePoint standsOn(Replica replica) {
    String current =
        recovery.look(replica.recovery().id()).snapshots().stream()
            .filter(snapshot -> snapshot.isCurrent())
            .map(snapshot -> snapshot.name())
            .findFirst()
            .orElseThrow();
    return estate.now(replica.name()).points().stream()
        .filter(point -> point.snapshot().equals(current))
        .findFirst()
        .orElseThrow();
  }

  /** The VM is off, so that both sides stand still. */
  private void assertEqualDisks(String vm, String... disks) throws IOException {
    production.createSnapshot(vm, "check", false, null);
    ReplicaView replica = estate.now(vm);
    for (String disk : disks) {
      String there =
          replica.replica().disks().stream()
              .filter(pair -> pair.productionDisk().equals(disk))
              .map(DiskPair::recoveryDisk)
              .findFirst()
              .orElseThrow();
      byte[] copy =
          estate.bytes(
              "potsdam",
              replica.replica().recovery().id(),
              there,
              replica.points().getFirst().snapshot());
      assertThat(Arrays.equals(estate.bytes("berlin", vm, disk, "check"), copy)).as(disk).isTrue();
      assertThat(copy).as("something to compare").contains(copy[copy.length - 7]);
    }
    production.removeSnapshot(vm, "check", null);
  }

  private long records(ReplicaView view) throws IOException {
    return records(view.replica(), view.points().getFirst());
  }

  /** How many whole records, numbered without a gap, the restore point holds. */
  private long records(Replica replica, RestorePoint point) throws IOException {
    ByteBuffer disk =
        ByteBuffer.wrap(
            estate.bytes(
                "potsdam",
                replica.recovery().id(),
                replica.disks().getFirst().recoveryDisk(),
                point.snapshot()));
    int start = (int) disk.getLong(8);
    long count = 0;
    for (int at = start; at + 512 <= disk.getLong(16); at += 512) {
      CRC32C crc = new CRC32C();
      crc.update(disk.array(), at, 508);
      if (disk.getLong(at + 24) != count + 1 || disk.getInt(at + 508) != (int) crc.getValue()) {
        break;
      }
      count++;
    }
    return count;
  }
}
