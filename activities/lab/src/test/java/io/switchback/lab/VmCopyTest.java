package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that are held up in their midst while other things go on. */
class VmCopyTest {
  private static final int CAPACITY = 24 << 20;
  private static final String NETWORK = "lan, drill 7 at host-1";

  @TempDir Path directory;
  private LabDaemon daemon;
  private LabClient client;
  private byte[] atThePoint;

  @BeforeEach
  void start() throws IOException {
    SiteResources resources =
        new SiteResources(
            null,
            List.of(
                new DatastoreDefinition("large", 1L << 30),
                new DatastoreDefinition("small", 8 << 20)));
    daemon = LabDaemon.start(new LabSettings("berlin", directory, 0, resources));
    client = LabClient.of(directory);
    client.createVm(
        new VmDefinition(
            "web",
            "web",
            List.of(new NetworkCard("lan", true, "10.10.0.11")),
            List.of(new DiskDefinition("disk-0", CAPACITY, 12 << 20)),
            new GuestDefinition(500.0, 5, null, null, null),
            false,
            null,
            null,
            null,
            null,
            null,
            null,
            "large",
            null),
        null);
    client.powerOn("web", null);
    LabFixture.await("the guest writes", () -> client.look("web").unsavedBytes() > 0);
    client.createSnapshot("web", "point", false, null);
    try (DiskConnection disk = client.openDisk("web", "disk-0")) {
      atThePoint = whole(disk, "point");
    }
    client.makeDrillNetworks("7", "host-1", List.of("lan"), null);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    daemon.close();
  }

  @Test
  void holdsExactlyTheSnapshotThoughTheGuestWritesAndTheSnapshotGoes() throws IOException {
    // The first slice is where the guest writes.
    String held = holdNextSlice(client);
    CompletableFuture<VmView> copying = copying(1);
    awaitHeld(client, held);
    long before = client.look("web").unsavedBytes();
    LabFixture.await("the guest goes on", () -> client.look("web").unsavedBytes() > before);
    client.removeSnapshot("web", "point", null);
    client.releaseScript(held);

    VmView copy = copying.join();

    try (DiskConnection disk = client.openDisk(copy.id(), "disk-0")) {
      assertThat(whole(disk, null)).isEqualTo(atThePoint);
    }
    assertThat(copy.allocatedBytes()).isLessThan(CAPACITY);
    assertThat(client.look("web").power()).isEqualTo(PowerState.ON);
    assertThat(layersOf("web")).isEqualTo(1);
    assertThat(LabFixture.effects(directory))
        .anyMatch(one -> one.kind().equals("copyVm") && copy.id().equals(one.vm()));
  }

  @Test
  void outlivesTheVmThatItIsMadeOf() {
    String held = holdSecondSlice(client);
    CompletableFuture<VmView> copying = copying(1);
    awaitHeld(client, held);
    client.powerOff("web", null);
    client.deleteVm("web", null);
    client.releaseScript(held);

    VmView copy = copying.join();

    try (DiskConnection disk = client.openDisk(copy.id(), "disk-0")) {
      assertThat(whole(disk, null)).isEqualTo(atThePoint);
    }
  }

  @Test
  void isNotFinishedOnceItWasGivenUp() throws IOException {
    client.powerOff("web", null);
    String held = holdSecondSlice(client);
    CompletableFuture<VmView> copying = copying(1);
    awaitHeld(client, held);
    client.fenceId("copy", LabFixture.stamp("drill", 7, 5));
    client.releaseScript(held);

    assertRefused(copying, "FENCED");
    assertThat(client.site().vms()).hasSize(1);
    assertThat(directory.resolve("making")).isEmptyDirectory();
    assertThat(taken("large")).isEqualTo(client.look("web").allocatedBytes());
  }

  @Test
  void isMadeByOneAtATime() {
    String held = holdSecondSlice(client);
    CompletableFuture<VmView> copying = copying(1);
    awaitHeld(client, held);

    assertRefused(copying(2), "BUSY");
    client.releaseScript(held);

    assertThatThrownBy(copying::join).hasMessageContaining("copy").hasMessageContaining("7/2");
    assertThat(copying(2).join().name()).isEqualTo("copy");
  }

  @Test
  void leavesNothingWhereThereIsNoRoom() {
    assertRefused(
        CompletableFuture.supplyAsync(
            () -> client.copyVm("web", "point", copy("small"), LabFixture.stamp("drill", 7, 1))),
        "DATASTORE_FULL");

    assertThat(client.site().vms()).hasSize(1);
    assertThat(directory.resolve("making")).isEmptyDirectory();
    assertThat(taken("small")).isZero();
  }

  @Test
  void keepsItsNetworkWhileItIsBeingMade() {
    String held = holdSecondSlice(client);
    CompletableFuture<VmView> copying = copying(1);
    awaitHeld(client, held);

    assertThatThrownBy(() -> client.removeDrillNetworks("7", "host-1", null))
        .hasMessageContaining("being made");
    client.releaseScript(held);
    copying.join();
    assertThatThrownBy(() -> client.removeDrillNetworks("7", "host-1", null))
        .hasMessageContaining("VM 'copy'");
    client.deleteVm("copy", null);
    assertThat(client.removeDrillNetworks("7", "host-1", null)).isTrue();
  }

  /** Lets one slice pass and holds up the next. */
  static String holdSecondSlice(LabClient client) {
    client.script(FaultScript.delaying("copySlice", null, Duration.ZERO));
    return holdNextSlice(client);
  }

  private static String holdNextSlice(LabClient client) {
    return client.script(FaultScript.delaying("copySlice", null, Duration.ofHours(1))).id();
  }

  static void awaitHeld(LabClient client, String script) {
    LabFixture.await(
        "a slice is held up", () -> client.awaitScript(script, 0, Duration.ZERO).begun() == 1);
  }

  static VmCopy copy(String datastore) {
    return new VmCopy(
        "copy",
        "copy",
        List.of(new NetworkCard(NETWORK, true, null)),
        null,
        "host-1",
        datastore,
        "somebody");
  }

  private CompletableFuture<VmView> copying(long step) {
    return CompletableFuture.supplyAsync(
        () -> client.copyVm("web", "point", copy("large"), LabFixture.stamp("drill", 7, step)));
  }

  private static void assertRefused(CompletableFuture<VmView> copying, String fault) {
    assertThatThrownBy(copying::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            LabException.class, refused -> assertThat(refused.fault()).isEqualTo(fault));
  }

  private static byte[] whole(DiskConnection disk, @Nullable String snapshot) {
    int part = 4 << 20;
    ByteBuffer all = ByteBuffer.allocate(CAPACITY);
    while (all.hasRemaining()) {
      all.put(LabFixture.read(disk, snapshot, all.position(), part));
    }
    return all.array();
  }

  private long taken(String datastore) {
    return client.resources().datastores().stream()
        .filter(one -> one.name().equals(datastore))
        .mapToLong(ResourcesView.Datastore::usedBytes)
        .sum();
  }

  private long layersOf(String vm) throws IOException {
    try (var files = Files.list(directory.resolve("vms/" + vm + "/disks/disk-0"))) {
      return files.filter(file -> file.toString().endsWith(".data")).count();
    }
  }
}
