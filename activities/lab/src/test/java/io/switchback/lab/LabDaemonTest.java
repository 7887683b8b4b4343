package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabDaemonTest {
  private static final String DISK = "disk-0";

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

  private static void refuses(LabFault fault, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LabException.class, e -> assertThat(e.fault()).isEqualTo(fault.name()));
  }

  private List<Effect> effects() {
    return LabFixture.effects(directory);
  }

  private static GuestStatus ask(URI service) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return Json.read(
          http.send(
                  HttpRequest.newBuilder(service).build(), HttpResponse.BodyHandlers.ofByteArray())
              .body(),
          GuestStatus.class);
    }
  }

  @Test
  void refusesASecondDaemonOnTheSameDirectory() {
    assertThatThrownBy(() -> LabDaemon.start(new LabSettings("berlin", directory, 0)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another daemon has it");
  }

  @Test
  void isNotIdempotent() {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    refuses(
        LabFault.ALREADY_EXISTS,
        () -> client.createVm(LabFixture.idle("web", LabFixture.MIB), null));
    refuses(LabFault.ALREADY_POWERED_OFF, () -> client.powerOff("web", null));
    client.powerOn("web", null);
    refuses(LabFault.ALREADY_POWERED_ON, () -> client.powerOn("web", null));
    client.createSnapshot("web", "one", false, null);
    client.createSnapshot("web", "one", false, null);
    assertThat(client.snapshots("web")).hasSize(2);
    refuses(LabFault.DISK_IN_USE, () -> client.deleteVm("web", null));
    client.powerOff("web", null);
    client.deleteVm("web", null);
    refuses(LabFault.NO_SUCH_VM, () -> client.look("web"));
  }

  @Test
  void namesEveryCallWhenOneIsUnknownAndEveryKeyThatNobodyKnows() {
    assertThatThrownBy(() -> client.call("powerUp", new Requests.OfSite(), Requests.Done.class))
        .hasMessageContaining("powerOn");
    assertThatThrownBy(() -> client.call("look", new Requests.OfScript("x"), Requests.Done.class))
        .hasMessageContaining("id");
  }

  @Test
  void guestWritesServesAndGoesOnNumberingAfterShutDown() throws Exception {
    client.createVm(LabFixture.writing("web", LabFixture.MIB), null);
    client.powerOn("web", null);
    LabFixture.await("tools ready", () -> client.look("web").toolsReady());
    VmView first = client.look("web");
    LabFixture.await(
        "20 records",
        () -> effects().stream().filter(e -> e.kind().equals("written")).count() > 20);
    GuestStatus status = ask(first.service());
    assertThat(status.vm()).isEqualTo("web");
    assertThat(status.boot()).isEqualTo(first.boot());
    assertThat(status.lastWritten()).isGreaterThanOrEqualTo(20);
    client.shutDown("web", null);
    long last =
        effects().stream()
            .filter(e -> e.kind().equals("written"))
            .mapToLong(Effect::record)
            .max()
            .orElseThrow();
    client.powerOn("web", null);
    LabFixture.await("tools ready", () -> client.look("web").toolsReady());
    assertThat(effects().stream().filter(e -> e.kind().equals("booted")).map(Effect::record))
        .containsExactly(0L, last);
    assertThat(client.look("web").boot()).isNotEqualTo(first.boot());
  }

  @Test
  void guestStopsWithAPlainWordWhenItsDiskIsFull() {
    GuestDefinition fast = new GuestDefinition(50_000.0, 50, null, null, null);
    client.createVm(LabFixture.vm("web", 2 * Layer.GRAIN, fast), null);
    client.powerOn("web", null);
    LabFixture.await("full", () -> "disk full".equals(client.look("web").halted()));
  }

  @Test
  void snapshotLineStandsInOrderBetweenTheRecords() {
    client.createVm(LabFixture.writing("web", 4 * LabFixture.MIB), null);
    client.powerOn("web", null);
    LabFixture.await("tools ready", () -> client.look("web").toolsReady());
    for (int i = 0; i < 10; i++) {
      String name = "point-" + i;
      client.createSnapshot("web", name, i % 2 == 0, null);
      long inSnapshot = lastRecord(name);
      long written = 0;
      long flushed = 0;
      for (Effect effect : effects()) {
        if (effect.kind().equals("createSnapshot")
            && effect.details().get("snapshotName").equals(name)) {
          break;
        }
        written = effect.kind().equals("written") ? effect.record() : written;
        flushed = effect.kind().equals("flushed") ? effect.record() : flushed;
      }
      assertThat(inSnapshot).isEqualTo(written).isGreaterThanOrEqualTo(flushed);
      if (i % 2 == 0) {
        assertThat(inSnapshot).as("quiesced").isEqualTo(flushed);
      }
    }
    assertThat(client.snapshots("web").stream().filter(SnapshotView::quiesced)).hasSize(5);
  }

  private long lastRecord(String snapshot) {
    try (DiskConnection disk = client.openDisk("web", DISK)) {
      byte[] records = LabFixture.read(disk, snapshot, Layer.GRAIN, 2 * (int) LabFixture.MIB);
      long n = 0;
      while (GuestRecord.parse(records, (int) n * GuestRecord.BYTES).isPresent()) {
        n++;
      }
      return n;
    }
  }

  @Test
  void refusesATransferIntoTheDiskOfARunningVm() {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    client.powerOn("web", null);
    try (DiskConnection disk = client.openDisk("web", DISK)) {
      refuses(LabFault.DISK_IN_USE, () -> LabFixture.write(disk, 0, new byte[512], null));
    }
  }

  @Test
  void refusesEveryBatchUnderALowerFence() throws IOException {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    Random random = new Random(1);
    byte[] bytes = LabFixture.random(random, 4096);
    try (DiskConnection disk = client.openDisk("web", DISK)) {
      LabFixture.write(disk, 0, bytes, LabFixture.stamp("cycle", 4, 17));
      LabFixture.write(disk, 4096, bytes, LabFixture.stamp("cycle", 4, 17));
      client.fence("web", LabFixture.stamp("failover", 5, 1));
      assertThatThrownBy(
              () -> LabFixture.write(disk, 0, new byte[4096], LabFixture.stamp("cycle", 4, 17)))
          .hasMessageContaining("1/4/17/1")
          .hasMessageContaining("1/5/1/1");
      assertThat(LabFixture.read(disk, null, 0, 4096)).isEqualTo(bytes);
    }
    refuses(
        LabFault.FENCED,
        () -> client.createSnapshot("web", "late", false, LabFixture.stamp("cycle", 4, 18)));
    stop();
    start();
    refuses(LabFault.FENCED, () -> client.powerOn("web", LabFixture.stamp("cycle", 4, 18)));
    refuses(LabFault.FENCED, () -> client.flush("web", DISK, LabFixture.stamp("cycle", 4, 17)));
    assertThat(client.site().fence()).isEqualTo(new LabFence(1, 5, 1, 1));
    assertThat(client.look("web").fence()).isEqualTo(new LabFence(1, 5, 1, 1));
  }

  @Test
  void journalSummarisesATransferAsItsFirstBatchAndItsFlush() {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    Stamp stamp = LabFixture.stamp("cycle", 1, 1);
    try (DiskConnection disk = client.openDisk("web", DISK)) {
      for (int i = 0; i < 5; i++) {
        LabFixture.write(disk, i * 512L, new byte[512], stamp);
      }
    }
    client.flush("web", DISK, stamp);
    client.flush("web", DISK, stamp);
    List<Effect> transfer =
        effects().stream().filter(e -> "cycle".equals(e.operationId())).toList();
    assertThat(transfer).extracting(Effect::kind).containsExactly("write", "flush");
    assertThat(transfer.getLast().details())
        .containsEntry("batches", 5)
        .containsEntry("bytes", 2560);
    assertThat(effects()).extracting(Effect::seq).isEqualTo(sequence(effects().size()));
  }

  private static List<Long> sequence(int size) {
    return java.util.stream.LongStream.rangeClosed(1, size).boxed().toList();
  }

  @Test
  void changeIdsOfAnotherTrackingAreRefused() {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    SnapshotView before = client.createSnapshot("web", "one", false, null);
    String since = before.changeIds().get(DISK);
    assertThat(client.changedAreas("web", DISK, since, "one")).isEmpty();
    client.resetTracking("web", DISK, null);
    refuses(LabFault.CHANGE_TRACKING_RESET, () -> client.changedAreas("web", DISK, since, "one"));
    client.removeSnapshot("web", "one", null);
    SnapshotView again = client.createSnapshot("web", "two", false, null);
    client.removeSnapshot("web", "two", null);
    client.growDisk("web", DISK, 2 * LabFixture.MIB, null);
    client.createSnapshot("web", "three", false, null);
    refuses(
        LabFault.CHANGE_TRACKING_RESET,
        () -> client.changedAreas("web", DISK, again.changeIds().get(DISK), "three"));
  }

  @Test
  void failsDelaysWithholdsAndDropsAsScripted() {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    client.script(FaultScript.failing("powerOn", "web", "NO_HOST_CAPACITY"));
    refuses(LabFault.NO_HOST_CAPACITY, () -> client.powerOn("web", null));
    assertThat(client.look("web").power()).isEqualTo(PowerState.OFF);

    client.script(FaultScript.dropping("powerOn", "web"));
    refuses(LabFault.UNREACHABLE, () -> client.powerOn("web", null));
    assertThat(client.look("web").power()).isEqualTo(PowerState.ON);

    ScriptedFaults.Progress script = client.script(FaultScript.withholding("look", null));
    CompletableFuture<VmView> look = CompletableFuture.supplyAsync(() -> client.look("web"));
    assertThat(client.awaitScript(script.id(), 1, Duration.ofSeconds(10)).acted()).isOne();
    assertThat(look).isNotDone();
    client.releaseScript(script.id());
    assertThat(look.join().name()).isEqualTo("web");
  }

  @Test
  void aRevertLosesTheDeltaAndKeepsOtherSnapshots() {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    byte[] one = LabFixture.random(new Random(1), 100_000);
    byte[] two = LabFixture.random(new Random(2), 100_000);
    try (DiskConnection disk = client.openDisk("web", DISK)) {
      LabFixture.write(disk, 1000, one, null);
      client.createSnapshot("web", "first", false, null);
      LabFixture.write(disk, 2000, two, null);
      client.createSnapshot("web", "second", false, null);
      LabFixture.write(disk, 0, two, null);
      client.powerOn("web", null);
      VmView reverted = client.revert("web", "first", null);
      assertThat(reverted.power()).isEqualTo(PowerState.OFF);
      assertThat(reverted.snapshots()).hasSize(2);
      assertThat(LabFixture.read(disk, null, 1000, one.length)).isEqualTo(one);
      assertThat(LabFixture.read(disk, "second", 2000, two.length)).isEqualTo(two);
    }
  }

  @Test
  void afterARestartWhatRanIsOffUnlessItStartsByItself() throws IOException {
    client.createVm(LabFixture.writing("web", LabFixture.MIB), null);
    VmDefinition plain = LabFixture.writing("db", LabFixture.MIB);
    client.createVm(
        new VmDefinition("db", "db", plain.networks(), plain.disks(), plain.guest(), true), null);
    client.powerOn("web", null);
    client.powerOn("db", null);
    String boot = client.look("db").boot();
    stop();
    start();
    assertThat(client.look("web").power()).isEqualTo(PowerState.OFF);
    assertThat(client.look("db").power()).isEqualTo(PowerState.ON);
    assertThat(client.look("db").boot()).isNotEqualTo(boot);
  }
}
