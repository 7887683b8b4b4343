package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.SEEDING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.DiskPair;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.NotifyActivities.Notice;
import io.temporal.client.WorkflowStub;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Production changes its shape; the replica follows with the next cycle. */
class ShapeTest {
  private static final String DISK = "p-web-01-disk-1";

  @AutoClose private final Estate estate = new Estate();
  private Replica replica;
  private WorkflowStub loop;

  @BeforeEach
  void follow() {
    replica = estate.protect("web-01", SEEDING);
    loop = estate.loop(replica);
    cycle();
  }

  @Test
  void followsADiskThatProductionHasGainedWithWhatItHolds() {
    addDisk("new data");

    ReplicationStatus status = cycle();

    assertThat(status.problem()).isEmpty();
    assertThat(now().disks()).extracting(DiskPair::productionDisk).contains(DISK);
    assertThat(onReplica(DISK)).isEqualTo("new data");
    assertThat(status.rungs()).anySatisfy(rung -> assertThat(rung).contains("FULL_COPY"));
  }

  @Test
  void looksAgainAndMakesTheSameWhenTheCycleThatCarriedTheDiskOverCameToNothing() {
    addDisk("new data");
    estate
        .recovery
        .script()
        .fail("transferDisk", Estate.disk(replica), io.switchback.fault.Fault.PROOF_FAILED, 1);

    ReplicationStatus failed = cycle();
    assertThat(failed.problem()).isNotEmpty();
    assertThat(now().disks()).as("as the newest point has them").hasSize(1);
    ReplicationStatus status = cycle();

    assertThat(status.problem()).isEmpty();
    assertThat(onReplica(DISK)).isEqualTo("new data");
    assertThat(estate.recovery.disks(replica.recovery())).hasSize(2);
  }

  @Test
  void copiesADiskThatHasGrownWhole() {
    String disk = "p-web-01-disk-0";
    estate.production.write(replica.production(), disk, 0, "small".getBytes(UTF_8));
    cycle();
    estate.production.growDisk(replica.production(), disk, 2 << 20);
    estate.production.write(replica.production(), disk, (1 << 20) + 5, "grown".getBytes(UTF_8));

    ReplicationStatus status = cycle();

    assertThat(status.rungs()).singleElement().asString().contains("FULL_COPY");
    assertThat(now().disks())
        .singleElement()
        .extracting(DiskPair::capacityBytes)
        .isEqualTo(2L << 20);
    assertThat(read(disk, (1 << 20) + 5, 5)).isEqualTo("grown");
    assertThat(read(disk, 0, 5)).isEqualTo("small");
  }

  @Test
  void letsADiskGoThatProductionHasLost() {
    addDisk("old data");
    cycle();
    estate.production.takeDisk(replica.production(), DISK);

    ReplicationStatus status = cycle();

    assertThat(status.problem()).isEmpty();
    assertThat(now().disks()).hasSize(1);
    assertThat(estate.recovery.disks(replica.recovery())).hasSize(1);
  }

  @Test
  void followsHardwareAndName() {
    Hardware larger =
        new Hardware(8, 16L << 30, Firmware.EFI, List.of(new Nic("lan", true, List.of())));
    estate.production.change(replica.production(), larger, new Placement("h2", "s2", "elsewhere"));
    estate.production.rename(replica.production(), "shop-01");

    ReplicationStatus status = cycle();

    assertThat(status.problem()).isEmpty();
    assertThat(now().name()).isEqualTo("shop-01");
    assertThat(now().production().id()).isEqualTo(replica.production().id());
    assertThat(estate.recovery.profile(replica.recovery()).hardware()).isEqualTo(larger);
    assertThat(estate.registry.restorePoints(replica.id()))
        .last()
        .extracting(RestorePoint::id)
        .asString()
        .startsWith("shop-01-");
  }

  @Test
  void marksTheReplicaWhenANetworkHasNoPlaceAtTheRecoverySite() {
    estate.registry.map(replica.id(), new NetworkMapping("lan", "dr-lan", ""));
    Hardware two =
        new Hardware(
            2,
            4L << 30,
            Firmware.BIOS,
            List.of(new Nic("lan", true, List.of()), new Nic("backup", true, List.of())));
    estate.production.change(replica.production(), two, Placement.ANYWHERE);

    ReplicationStatus status = cycle();
    cycle();

    assertThat(status.problem()).isEmpty();
    assertThat(estate.registry.mark(replica.id())).contains("backup").contains("Reconfigure");
    assertThat(estate.recovery.profile(replica.recovery()).hardware().nics())
        .extracting(Nic::network)
        .containsExactly("dr-lan");
    estate.until("told", () -> !notices("shape").isEmpty());
    assertThat(notices("shape")).hasSize(1);
  }

  @Test
  void changesNothingAtTheReplicaWhileProductionStaysAsItIs() {
    long before = estate.recovery.effects("reshapeVm", replica.recovery().id());
    cycle();
    cycle();

    assertThat(estate.recovery.effects("reshapeVm", replica.recovery().id())).isEqualTo(before);
  }

  @Test
  void saysOnceThatProductionsVmIsGoneAndKeepsTheReplica() {
    estate
        .production
        .script()
        .fail("describeVm", "p-web-01", io.switchback.fault.Fault.VM_NOT_FOUND, 9);

    ReplicationStatus status = cycle();
    cycle();

    assertThat(status.problem()).contains("has no VM 'p-web-01' any more").contains("unprotect");
    estate.until("told", () -> !notices("cycle").isEmpty());
    assertThat(notices("cycle")).hasSize(1);
    assertThat(estate.registry.restorePoints(replica.id())).isNotEmpty();
  }

  private ReplicationStatus cycle() {
    return loop.update("replicateNow", ReplicationStatus.class);
  }

  private void addDisk(String content) {
    estate.production.addDisk(replica.production(), DISK);
    estate.production.write(replica.production(), DISK, 0, content.getBytes(UTF_8));
  }

  private Replica now() {
    return estate.registry.replicaNow(replica.id());
  }

  private String onReplica(String productionDisk) {
    return read(productionDisk, 0, 8);
  }

  private String read(String productionDisk, long offset, int length) {
    String disk =
        now().disks().stream()
            .filter(pair -> pair.productionDisk().equals(productionDisk))
            .map(DiskPair::recoveryDisk)
            .findFirst()
            .orElseThrow();
    return new String(estate.recovery.read(replica.recovery(), disk, offset, length), UTF_8);
  }

  private List<Notice> notices(String step) {
    return estate.people.notices().stream().filter(notice -> notice.step().equals(step)).toList();
  }
}
