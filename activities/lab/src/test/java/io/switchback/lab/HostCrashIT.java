package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.delta.ChangedAreas;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.lab.witness.ProductionTestimony;
import io.switchback.lab.witness.Witness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A daemon in a process of its own that is killed: a host crash. */
@Tag("process")
@Execution(ExecutionMode.CONCURRENT)
class HostCrashIT {
  private static final String DISK = "disk-0";

  @TempDir Path directory;
  private Process process;
  private LabClient client;

  /** The killed program. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      LabDaemon.start(new LabSettings("berlin", Path.of(arguments[0]), 0));
      Thread.currentThread().join();
    }
  }

  @BeforeEach
  void start() throws IOException {
    Files.deleteIfExists(directory.resolve("address"));
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("daemon.log").toFile())
            .start();
    LabFixture.await("the daemon", () -> Files.exists(directory.resolve("address")));
    client = LabClient.of(directory);
  }

  @AfterEach
  void kill() throws InterruptedException {
    client.close();
    process.destroyForcibly().waitFor();
  }

  @Test
  void losesWhatWasNotFlushedAndKeepsWhatWas() throws Exception {
    client.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    byte[] flushed = LabFixture.random(new Random(1), 100_000);
    byte[] lost = LabFixture.random(new Random(2), 100_000);
    try (DiskConnection disk = client.openDisk("web", DISK)) {
      disk.write(0, ByteBuffer.wrap(flushed), LabFixture.stamp("cycle", 7, 1));
      client.flush("web", DISK, LabFixture.stamp("cycle", 7, 1));
      disk.write(50_000, ByteBuffer.wrap(lost), LabFixture.stamp("cycle", 7, 1));
      assertThat(LabFixture.read(disk, null, 50_000, lost.length)).isEqualTo(lost);
    }

    kill();
    start();

    try (DiskConnection disk = client.openDisk("web", DISK)) {
      byte[] found = LabFixture.read(disk, null, 0, 200_000);
      assertThat(Arrays.copyOf(found, flushed.length)).isEqualTo(flushed);
      assertThat(Arrays.copyOfRange(found, flushed.length, found.length)).containsOnly(0);
      assertThatThrownBy(
              () -> disk.write(0, ByteBuffer.wrap(lost), LabFixture.stamp("cycle", 6, 9)))
          .hasMessageContaining("1/7/1/1");
    }
  }

  @Test
  void aCopyThatWasHalfMadeIsGone() throws Exception {
    client.createVm(
        new VmDefinition(
            "web",
            "web",
            null,
            List.of(new DiskDefinition("disk-0", 24 << 20, 12 << 20)),
            GuestDefinition.usual(),
            false),
        null);
    client.createSnapshot("web", "point", false, null);
    client.makeDrillNetworks("7", "host-1", List.of("lan"), null);
    String held = VmCopyTest.holdSecondSlice(client);
    Thread.ofVirtual()
        .start(
            () ->
                assertThatThrownBy(() -> client.copyVm("web", "point", VmCopyTest.copy(""), null))
                    .isInstanceOf(LabException.class));
    VmCopyTest.awaitHeld(client, held);
    assertThat(directory.resolve("making/copy")).isNotEmptyDirectory();

    kill();
    start();

    assertThat(client.site().vms()).extracting(VmView::name).containsExactly("web");
    assertThat(directory.resolve("making")).isEmptyDirectory();
    assertThat(client.resources().datastores().getFirst().usedBytes())
        .isEqualTo(client.look("web").allocatedBytes());
    assertThat(client.copyVm("web", "point", VmCopyTest.copy(""), null).allocatedBytes())
        .isEqualTo(client.look("web").allocatedBytes());
  }

  @Test
  void aTransferGoesOnFromWhatItsSiteHadFlushed() throws Exception {
    ScatteredSource source = new ScatteredSource(12L * ScatteredSource.SUPER_BYTES);
    client.createVm(LabFixture.idle("web", source.capacityBytes()), null);
    Random random = new Random(5);
    int kills = 3;
    for (int i = 0; i < kills; i++) {
      client.script(
          FaultScript.delaying("write", "web", Duration.ZERO).times(random.nextInt(1, 4)));
      String last = client.script(FaultScript.withholding("write", "web").times(99)).id();
      Thread killer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    client.awaitScript(last, 1, Duration.ofSeconds(20));
                    process.destroyForcibly();
                  });
      assertThatIOException().isThrownBy(() -> transfer(source));
      killer.join();
      kill();
      start();
    }

    transfer(source);

    source.assertCopiedTo(client, "web", DISK);
    assertThat(source.readBytes())
        .isLessThanOrEqualTo(source.allocatedBytes() + kills * ScatteredSource.bytesUnderWay());
  }

  private void transfer(ScatteredSource source) throws Exception {
    try (LabDiskSink sink =
        LabDiskSink.open(client, "web", DISK, LabFixture.stamp("cycle", 7, 1))) {
      sink.remember("snapshot-1");
      var _ =
          new Transfer(
                  source, sink, new ChangedAreas.Unknown("it is the first"), TransferObserver.NONE)
              .run();
    }
  }

  @Test
  void guestGoesOnNumberingAndLosesNothingItHadFlushed() throws Exception {
    client.createVm(LabFixture.writing("web", 8 * LabFixture.MIB), null);
    client.powerOn("web", null);
    for (int i = 0; i < 3; i++) {
      long before = last("flushed");
      LabFixture.await("more records", () -> last("flushed") > before + 50);
      kill();
      start();
      assertThat(client.look("web").power()).isEqualTo(PowerState.OFF);
      ProductionTestimony testimony = Witness.production(directory, "web");
      assertThat(testimony.mistakes()).isEmpty();
      client.powerOn("web", null);
      LabFixture.await("boot", () -> client.look("web").toolsReady());
      assertThat(last("booted")).isEqualTo(testimony.recordsWhole());
    }
    assertThat(LabFixture.effects(directory).stream().map(Effect::seq).toList())
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void snapshotsSurviveAKillInTheMiddleOfTheirMerge() throws Exception {
    client.createVm(LabFixture.idle("web", 64 * LabFixture.MIB), null);
    byte[] content = new byte[64 << 20];
    Random random = new Random(3);
    try (DiskConnection disk = client.openDisk("web", DISK)) {
      for (int layer = 0; layer < 6; layer++) {
        for (int at = 0; at < content.length; at += 4 << 20) {
          byte[] bytes = LabFixture.random(random, 2 << 20);
          int offset = at + random.nextInt(2 << 20);
          System.arraycopy(bytes, 0, content, offset, bytes.length);
          disk.write(offset, ByteBuffer.wrap(bytes), null);
        }
        client.createSnapshot("web", "s" + layer, false, null);
      }
    }
    for (int layer = 0; layer < 5; layer++) {
      String name = "s" + layer;
      Thread remover =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      client.removeSnapshot("web", name, null);
                    } catch (LabException killed) {
                      // That is the point.
                    }
                  });
      LabFixture.await(
          "the removal",
          () ->
              LabFixture.effects(directory).stream()
                      .filter(e -> e.kind().equals("removeSnapshot"))
                      .count()
                  > Integer.parseInt(name.substring(1)));
      kill();
      remover.join();
      start();
      try (DiskConnection disk = client.openDisk("web", DISK)) {
        for (int at = 0; at < content.length; at += 8 << 20) {
          assertThat(LabFixture.read(disk, "s5", at, 8 << 20))
              .isEqualTo(Arrays.copyOfRange(content, at, at + (8 << 20)));
        }
      }
    }
    assertThat(client.snapshots("web")).hasSize(1);
  }

  private long last(String kind) {
    return LabFixture.effects(directory).stream()
        .filter(e -> e.kind().equals(kind))
        .mapToLong(Effect::record)
        .reduce(0, (first, second) -> second);
  }
}
