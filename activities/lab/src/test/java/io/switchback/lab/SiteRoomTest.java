package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts and datastores: how much room there is, and what happens when there is none. */
class SiteRoomTest {
  private static final String DISK = "disk-0";
  private static final long GIB = 1L << 30;
  private static final SiteResources SMALL =
      new SiteResources(
          List.of(new HostDefinition("host-1", 2, 4 * GIB), new HostDefinition("host-2", 4, GIB)),
          List.of(new DatastoreDefinition("fast", 20L * Layer.GRAIN)));

  @TempDir Path directory;

  private LabDaemon daemon;
  private LabClient client;

  @BeforeEach
  void start() throws IOException {
    start(SMALL);
  }

  private void start(SiteResources resources) throws IOException {
    daemon = LabDaemon.start(new LabSettings("berlin", directory, 0, resources));
    client = LabClient.of(directory);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    daemon.close();
  }

  private long free() {
    return client.resources().datastores().getFirst().freeBytes();
  }

  private long used() {
    return client.resources().datastores().getFirst().usedBytes();
  }

  private void write(String vm, long offset, int bytes) {
    try (DiskConnection disk = client.openDisk(vm, DISK)) {
      LabFixture.write(disk, offset, LabFixture.random(new Random(1), bytes), null);
    }
  }

  @Test
  void refusesToStartAVmThatNoHostHasRoomForAndSaysWhatIsLeft() {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    client.createVm(LabFixture.idle("db", LabFixture.MIB), null);
    client.reconfigureVm("web", VmChange.none().memoryBytes(3 * GIB), null);
    client.reconfigureVm("db", VmChange.none().memoryBytes(2 * GIB), null);
    assertThat(client.powerOn("web", null).host()).isEqualTo("host-1");
    assertThatThrownBy(() -> client.powerOn("db", null))
        .isInstanceOfSatisfying(
            LabException.class, e -> assertThat(e.is(LabFault.NO_HOST_CAPACITY)).isTrue())
        .hasMessageContaining("host-1 has 1 CPUs and 1024 MiB left, host-2 has 4 CPUs");
    assertThat(client.look("db").power()).isEqualTo(PowerState.OFF);
    assertThat(client.resources().hosts().getFirst())
        .isEqualTo(new ResourcesView.Host("host-1", 2, 1, 4 * GIB, GIB));
    client.powerOff("web", null);
    assertThat(client.powerOn("db", null).host()).isEqualTo("host-1");
  }

  @Test
  void startsAVmOnItsOwnHostOnly() {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    client.reconfigureVm("web", VmChange.none().host("host-2").cpus(4), null);
    assertThat(client.powerOn("web", null).host()).isEqualTo("host-2");
    client.powerOff("web", null);
    client.reconfigureVm("web", VmChange.none().host("host-1"), null);
    LabRefusals.refuses(LabFault.NO_HOST_CAPACITY, () -> client.powerOn("web", null));
    LabRefusals.refuses(
        LabFault.BAD_REQUEST,
        () -> client.reconfigureVm("web", VmChange.none().host("host-3"), null));
  }

  @Test
  void anEarlierStartIsNotTriedAgainWhereThereIsNoRoom() throws IOException {
    VmDefinition plain = LabFixture.idle("web", LabFixture.MIB);
    client.createVm(
        new VmDefinition("web", "web", plain.networks(), plain.disks(), plain.guest(), true), null);
    client.reconfigureVm("web", VmChange.none().memoryBytes(3 * GIB), null);
    client.powerOn("web", null);
    stop();
    start(
        new SiteResources(
            List.of(new HostDefinition("host-1", 1, GIB)),
            List.of(new DatastoreDefinition("fast", GIB))));
    assertThat(client.look("web").power()).isEqualTo(PowerState.OFF);
  }

  @Test
  void countsTheBytesOfAllLayersAndFindsThemAgainAfterARestart() throws IOException {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    assertThat(used()).isZero();
    write("web", 0, 3 * Layer.GRAIN);
    assertThat(used()).as("not flushed yet").isEqualTo(3 * Layer.GRAIN);
    client.createSnapshot("web", "one", false, null);
    write("web", 0, 100);
    write("web", 200, 100);
    assertThat(used()).as("one grain of the delta").isEqualTo(4 * Layer.GRAIN);
    assertThat(client.look("web").allocatedBytes()).isEqualTo(4 * Layer.GRAIN);
    client.flush("web", DISK, null);
    stop();
    start(null);
    assertThat(client.resources().datastores().getFirst().name()).isEqualTo("fast");
    assertThat(used()).isEqualTo(4 * Layer.GRAIN);
    client.revert("web", "one", null);
    assertThat(used()).isEqualTo(3 * Layer.GRAIN);
    write("web", 0, 100);
    client.removeSnapshot("web", "one", null);
    assertThat(used()).as("merged").isEqualTo(3 * Layer.GRAIN);
    client.deleteVm("web", null);
    assertThat(used()).isZero();
  }

  @Test
  void refusesABatchThatDoesNotFitAndWritesNothingOfIt() {
    client.createVm(LabFixture.idle("web", 4 * LabFixture.MIB), null);
    write("web", 0, 19 * Layer.GRAIN);
    LabRefusals.refuses(
        LabFault.DATASTORE_FULL, () -> write("web", 19 * Layer.GRAIN, Layer.GRAIN + 1));
    assertThat(free()).isEqualTo(Layer.GRAIN);
    write("web", 0, 19 * Layer.GRAIN);
    assertThat(free()).as("bytes that are there are written again").isEqualTo(Layer.GRAIN);
    write("web", 19 * Layer.GRAIN, Layer.GRAIN);
    assertThat(free()).isZero();
  }

  @Test
  void refusesAnImageThatDoesNotFitAndLeavesNothingOfIt() {
    VmDefinition large =
        new VmDefinition(
            "web",
            "web",
            List.of(),
            List.of(new DiskDefinition(DISK, 4 * LabFixture.MIB, 2 * LabFixture.MIB)),
            null,
            false);
    LabRefusals.refuses(LabFault.DATASTORE_FULL, () -> client.createVm(large, null));
    assertThat(used()).isZero();
    LabRefusals.refuses(LabFault.NO_SUCH_VM, () -> client.look("web"));
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
  }

  @Test
  void guestHaltsWithAPlainWordWhenTheDatastoreIsFullAndGoesOnWhenThereIsRoom() {
    GuestDefinition fast = new GuestDefinition(20_000.0, 50, null, null, null);
    client.createVm(LabFixture.vm("web", 8 * LabFixture.MIB, fast), null);
    client.powerOn("web", null);
    LabFixture.await("full", () -> "disk full".equals(client.look("web").halted()));
    assertThat(free()).isLessThan(Layer.GRAIN);
    long written = last("written");
    assertThat(last("flushed")).isLessThanOrEqualTo(written);
    client.changeResources(
        new SiteResources(
            SMALL.hosts(), List.of(new DatastoreDefinition("fast", 16 * LabFixture.MIB))));
    client.powerOff("web", null);
    client.powerOn("web", null);
    LabFixture.await("more", () -> last("flushed") > written);
  }

  private long last(String kind) {
    return LabFixture.effects(directory).stream()
        .filter(e -> e.kind().equals(kind))
        .mapToLong(Effect::record)
        .reduce(0, (first, second) -> second);
  }

  @Test
  void whatIsInUseCannotGo() {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    write("web", 0, 100);
    client.powerOn("web", null);
    SiteResources without =
        new SiteResources(
            List.of(new HostDefinition("host-9", 1, 1)),
            List.of(new DatastoreDefinition("slow", GIB)));
    assertThatThrownBy(() -> client.changeResources(without))
        .hasMessageContaining("host 'host-1' is in use");
    client.powerOff("web", null);
    assertThatThrownBy(() -> client.changeResources(without))
        .hasMessageContaining("datastore 'fast' is in use");
    client.deleteVm("web", null);
    assertThat(client.changeResources(without).hosts().getFirst().name()).isEqualTo("host-9");
  }

  @Test
  void aFileThatIsWrongStopsTheSiteWithASentence() throws IOException {
    stop();
    Files.writeString(directory.resolve("site.json"), "{\"hosts\":[]}");
    assertThatThrownBy(() -> start(null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("site.json' is not valid")
        .hasMessageContaining("at least one host");
    start(SMALL);
  }
}
