package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.lab.witness.Witness;
import io.switchback.model.Firmware;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a VM is made of, and how that changes. */
class VmShapeTest {
  private static final String DISK = "disk-0";
  private static final String MORE = "disk-1";

  @TempDir Path directory;

  private LabDaemon daemon;
  private LabClient client;

  @BeforeEach
  void start() throws IOException {
    daemon = LabDaemon.start(new LabSettings("berlin", directory, 0));
    client = LabClient.of(directory);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    daemon.close();
  }

  private void restart() throws IOException {
    stop();
    start();
  }

  private byte[] write(String disk, long offset, long seed) {
    byte[] bytes = LabFixture.random(new Random(seed), 100_000);
    try (DiskConnection connection = client.openDisk("web", disk)) {
      LabFixture.write(connection, offset, bytes, null);
    }
    return bytes;
  }

  private byte[] read(String disk, String snapshot, long offset) {
    try (DiskConnection connection = client.openDisk("web", disk)) {
      return LabFixture.read(connection, snapshot, offset, 100_000);
    }
  }

  private List<Effect> effects(String kind) {
    return LabFixture.effects(directory).stream().filter(e -> e.kind().equals(kind)).toList();
  }

  private List<String> disks() {
    return client.look("web").disks().stream().map(DiskDefinition::id).toList();
  }

  @Test
  void showsWhatItIsMadeOfAlsoAfterARestart() throws IOException {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    VmChange change =
        VmChange.none()
            .name("www")
            .folder("erp/web")
            .tags(List.of("gold", "erp"))
            .cpus(4)
            .memoryBytes(8L << 30)
            .firmware(Firmware.EFI)
            .autostart(true)
            .networks(
                List.of(
                    new NetworkCard("lan", true, "10.0.0.1"),
                    new NetworkCard("backup", false, null)));
    Stamp stamp = LabFixture.stamp("reshape", 1, 1);
    VmView now = client.reconfigureVm("web", change, stamp);
    assertThat(now.name()).isEqualTo("www");
    restart();
    VmView found = client.look("www");
    assertThat(found.id()).isEqualTo("web");
    assertThat(found.folder()).isEqualTo("erp/web");
    assertThat(found.tags()).containsExactly("erp", "gold");
    assertThat(found.cpus()).isEqualTo(4);
    assertThat(found.memoryBytes()).isEqualTo(8L << 30);
    assertThat(found.firmware()).isEqualTo(Firmware.EFI);
    assertThat(found.autostart()).isTrue();
    assertThat(found.networks()).extracting(NetworkCard::network).containsExactly("lan", "backup");
    assertThat(found.datastore()).isEqualTo("datastore-1");
    Effect effect = effects("reconfigureVm").getFirst();
    assertThat(effect.operationId()).isEqualTo("reshape");
    assertThat(effect.details()).containsEntry("cpus", 4).doesNotContainKey("managedBy");
    LabRefusals.refuses(
        LabFault.FENCED,
        () -> client.reconfigureVm("www", VmChange.none().cpus(1), LabFixture.stamp("late", 0, 9)));
  }

  @Test
  void opensAVmThatWasStoredBeforeItHadTheseProperties() throws IOException {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    stop();
    Path file = directory.resolve("vms/web/vm.json");
    String old =
        Files.readString(file)
            .replaceAll(",\"(folder|host|datastore|managedBy|firmware)\":\"[^\"]*\"", "")
            .replaceAll(",\"(cpus|memoryBytes)\":[0-9]+", "")
            .replace(",\"tags\":[]", "");
    assertThat(old).doesNotContain("cpus", "datastore", "tags", "firmware");
    Files.write(file, old.getBytes(StandardCharsets.UTF_8));
    start();
    VmView found = client.look("web");
    assertThat(found.cpus()).isOne();
    assertThat(found.datastore()).isEqualTo("datastore-1");
    client.powerOn("web", null);
  }

  @Test
  void refusesANameThatIsTakenAndAChangeOfNothing() {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    client.createVm(LabFixture.idle("db", LabFixture.MIB), null);
    LabRefusals.refuses(
        LabFault.ALREADY_EXISTS,
        () -> client.reconfigureVm("web", VmChange.none().name("db"), null));
    LabRefusals.refuses(
        LabFault.BAD_REQUEST, () -> client.reconfigureVm("web", VmChange.none(), null));
    LabRefusals.refuses(
        LabFault.BAD_REQUEST, () -> client.reconfigureVm("web", VmChange.none().cpus(0), null));
    client.reconfigureVm("web", VmChange.none().name("www"), null);
    client.reconfigureVm("db", VmChange.none().name("web2"), null);
    client.createVm(LabFixture.idle("db2", LabFixture.MIB), null);
  }

  @Test
  void unplugsTheNetworkOfARunningVmAndChangesItsSizeOnlyWhileItIsOff() {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    client.powerOn("web", null);
    VmView isolated =
        client.reconfigureVm(
            "web",
            VmChange.none().networks(List.of(new NetworkCard("lan", false, "10.10.0.11"))),
            null);
    assertThat(isolated.networks()).noneMatch(NetworkCard::connected);
    assertThat(isolated.power()).isEqualTo(PowerState.ON);
    LabRefusals.refuses(
        LabFault.ALREADY_POWERED_ON,
        () -> client.reconfigureVm("web", VmChange.none().cpus(2), null));
  }

  @Test
  void aManagedVmIsStartedByAnOperationOrByForceOnly() {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    client.reconfigureVm("web", VmChange.none().managedBy("the replica of web-01"), null);
    assertThatThrownBy(() -> client.powerOn("web", null))
        .isInstanceOfSatisfying(
            LabException.class, e -> assertThat(e.is(LabFault.MANAGED)).isTrue())
        .hasMessageContaining("the replica of web-01 looks after it");
    assertThat(client.powerOn("web", LabFixture.stamp("failover", 1, 1)).power())
        .isEqualTo(PowerState.ON);
    client.powerOff("web", null);
    assertThat(client.forcePowerOn("web").power()).isEqualTo(PowerState.ON);
    client.powerOff("web", null);
    client.reconfigureVm("web", VmChange.none().managedBy(""), null);
    assertThat(client.powerOn("web", null).power()).isEqualTo(PowerState.ON);
  }

  @Test
  void addsADiskUnderItsFenceAndKeepsIt() throws IOException {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    client.createSnapshot("web", "before", false, null);
    Stamp stamp = LabFixture.stamp("reshape", 3, 1);
    client.addDisk("web", new DiskDefinition(MORE, LabFixture.MIB, Layer.GRAIN), stamp);
    byte[] bytes = write(MORE, 1000, 1);
    client.flush("web", MORE, null);
    LabRefusals.refuses(
        LabFault.ALREADY_EXISTS,
        () -> client.addDisk("web", DiskDefinition.empty(MORE, LabFixture.MIB), null));
    LabRefusals.refuses(
        LabFault.FENCED,
        () ->
            client.addDisk(
                "web",
                DiskDefinition.empty("late", LabFixture.MIB),
                LabFixture.stamp("late", 2, 1)));
    restart();
    assertThat(disks()).containsExactly(DISK, MORE);
    assertThat(read(MORE, null, 1000)).isEqualTo(bytes);
    assertThat(effects("addDisk"))
        .singleElement()
        .satisfies(e -> assertThat(e.disk()).isEqualTo(MORE));
    LabRefusals.refuses(LabFault.NO_SUCH_SNAPSHOT, () -> read(MORE, "before", 0));
  }

  @Test
  void aRevertTakesAwayADiskThatTheSnapshotDoesNotHold() throws IOException {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    client.createSnapshot("web", "before", false, null);
    client.addDisk("web", DiskDefinition.empty(MORE, LabFixture.MIB), null);
    byte[] bytes = write(MORE, 0, 1);
    client.createSnapshot("web", "after", false, null);
    client.revert("web", "before", null);
    assertThat(disks()).containsExactly(DISK);
    assertThat(read(MORE, "after", 0)).isEqualTo(bytes);
    restart();
    client.revert("web", "after", null);
    assertThat(disks()).containsExactly(DISK, MORE);
    assertThat(read(MORE, null, 0)).isEqualTo(bytes);
    client.revert("web", "before", null);
    client.removeSnapshot("web", "after", null);
    assertThat(directory.resolve("vms/web/disks/" + MORE)).doesNotExist();
    client.addDisk("web", DiskDefinition.empty(MORE, LabFixture.MIB), null);
    assertThat(read(MORE, null, 0)).containsOnly(0);
  }

  @Test
  void snapshotsKeepARemovedDiskUntilTheLastOfThemGoes() throws IOException {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    client.addDisk("web", DiskDefinition.empty(MORE, LabFixture.MIB), null);
    byte[] first = write(MORE, 0, 1);
    client.createSnapshot("web", "one", false, null);
    byte[] second = write(MORE, 50_000, 2);
    SnapshotView two = client.createSnapshot("web", "two", false, null);
    write(MORE, 100_000, 3);
    client.removeDisk("web", MORE, null);
    assertThat(disks()).containsExactly(DISK);
    assertThat(effects("removeDisk").getFirst().details()).containsEntry("keptBySnapshots", true);
    LabRefusals.refuses(LabFault.NO_SUCH_DISK, () -> write(MORE, 0, 4));
    LabRefusals.refuses(LabFault.NO_SUCH_DISK, () -> read(MORE, null, 0));
    assertThat(read(MORE, "two", 50_000)).isEqualTo(second);
    restart();
    client.removeSnapshot("web", "one", null);
    assertThat(Arrays.copyOf(read(MORE, "two", 0), 50_000)).isEqualTo(Arrays.copyOf(first, 50_000));
    client.revert("web", "two", null);
    assertThat(read(MORE, null, 50_000)).isEqualTo(second);
    client.createSnapshot("web", "three", false, null);
    assertThat(client.changedAreas("web", MORE, two.changeIds().get(MORE), "three"))
        .as("what the removal threw away counts as changed")
        .isNotEmpty();
    client.removeDisk("web", MORE, null);
    client.removeSnapshot("web", "two", null);
    client.removeSnapshot("web", "three", null);
    assertThat(directory.resolve("vms/web/disks/" + MORE)).doesNotExist();
    assertThat(client.look("web").allocatedBytes()).isZero();
  }

  @Test
  void aDiskThatNoSnapshotHoldsGoesAtOnceAndTheLastDiskStays() {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    client.addDisk("web", DiskDefinition.empty(MORE, LabFixture.MIB), null);
    write(MORE, 0, 1);
    client.removeDisk("web", MORE, LabFixture.stamp("reshape", 1, 1));
    assertThat(directory.resolve("vms/web/disks/" + MORE)).doesNotExist();
    assertThat(client.resources().datastores().getFirst().usedBytes()).isZero();
    assertThatThrownBy(() -> client.removeDisk("web", DISK, null))
        .hasMessageContaining("the only one of VM 'web'");
  }

  @Test
  void aSnapshotKeepsTheCapacityItWasMadeWith() throws IOException {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    byte[] before = write(DISK, 0, 1);
    client.createSnapshot("web", "small", false, null);
    client.growDisk("web", DISK, 2 * LabFixture.MIB, null);
    byte[] after = write(DISK, 2 * LabFixture.MIB - 100_000, 2);
    client.createSnapshot("web", "large", false, null);
    LabRefusals.refuses(
        LabFault.BAD_REQUEST, () -> read(DISK, "small", 2 * LabFixture.MIB - 100_000));
    client.revert("web", "small", null);
    assertThat(client.look("web").disks().getFirst().capacityBytes()).isEqualTo(LabFixture.MIB);
    LabRefusals.refuses(LabFault.BAD_REQUEST, () -> write(DISK, LabFixture.MIB, 3));
    assertThat(read(DISK, null, 0)).isEqualTo(before);
    restart();
    assertThat(read(DISK, "large", 2 * LabFixture.MIB - 100_000)).isEqualTo(after);
    client.revert("web", "large", null);
    assertThat(read(DISK, null, 2 * LabFixture.MIB - 100_000)).isEqualTo(after);
    LabRefusals.refuses(
        LabFault.BAD_REQUEST, () -> client.growDisk("web", DISK, LabFixture.MIB, null));
  }

  @Test
  void aRunningGuestLeavesAnAddedDiskAloneAndGoesOnWithoutARemovedOne() throws IOException {
    VmDefinition one = LabFixture.writing("web", LabFixture.MIB);
    client.createVm(
        new VmDefinition(
            "web",
            "web",
            one.networks(),
            List.of(
                DiskDefinition.empty(DISK, LabFixture.MIB),
                DiskDefinition.empty(MORE, LabFixture.MIB)),
            one.guest(),
            false),
        null);
    client.powerOn("web", null);
    awaitFlushed(20);
    client.addDisk("web", DiskDefinition.empty("late", LabFixture.MIB), null);
    awaitFlushed(20);
    client.removeDisk("web", DISK, null);
    awaitFlushed(20);
    client.powerOff("web", null);
    client.powerOn("web", null);
    LabFixture.await("boot", () -> client.look("web").toolsReady());
    assertThat(effects("booted").getLast().record()).isGreaterThanOrEqualTo(60);
    assertThat(effects("booted").getLast().details()).containsEntry("disks", List.of(MORE));
    assertThat(Witness.production(directory, "web").mistakes()).isEmpty();
    client.reconfigureVm("web", VmChange.none().name("www"), null);
    assertThat(Witness.production(directory, "www").mistakes()).isEmpty();
    assertThat(read("late", null, 0)).containsOnly(0);
  }

  private void awaitFlushed(int more) {
    long now = flushed();
    LabFixture.await(more + " records", () -> flushed() > now + more);
  }

  private long flushed() {
    return effects("flushed").stream().mapToLong(Effect::record).reduce(0, (a, b) -> b);
  }
}
