package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.ByteRange;
import io.switchback.lab.witness.FailbackTestimony;
import io.switchback.lab.witness.FailoverTestimony;
import io.switchback.lab.witness.ProductionTestimony;
import io.switchback.lab.witness.Witness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The witness against real sites, with and without damage done behind its back. */
class WitnessTest {
  private static final List<String> DISKS = List.of("disk-0", "disk-1");

  @TempDir Path directory;
  private Path berlinDirectory;
  private Path munichDirectory;
  private LabDaemon production;
  private LabDaemon recovery;
  private LabClient berlin;
  private LabClient munich;

  @BeforeEach
  void start() throws IOException {
    berlinDirectory = directory.resolve("berlin");
    munichDirectory = directory.resolve("munich");
    production = LabDaemon.start(new LabSettings("berlin", berlinDirectory, 0));
    recovery = LabDaemon.start(new LabSettings("munich", munichDirectory, 0));
    berlin = LabClient.of(berlinDirectory);
    munich = LabClient.of(munichDirectory);
    berlin.createVm(vm("web", 500), null);
    munich.createVm(vm("web-replica", 500), null);
    berlin.powerOn("web", null);
  }

  @AfterEach
  void stop() throws IOException {
    berlin.close();
    munich.close();
    production.close();
    recovery.close();
  }

  private static VmDefinition vm(String name, double writesPerSecond) {
    return new VmDefinition(
        name,
        name,
        List.of(),
        List.of(
            DiskDefinition.empty("disk-0", LabFixture.MIB),
            DiskDefinition.empty("disk-1", LabFixture.MIB)),
        new GuestDefinition(writesPerSecond, 5, null, null, null),
        false);
  }

  private static long written(Path site, String vm) {
    return LabFixture.effects(site).stream()
        .filter(e -> e.kind().equals("written") && vm.equals(e.vm()))
        .count();
  }

  private static void awaitMore(Path site, String vm, int records) {
    long before = written(site, vm);
    LabFixture.await(
        records + " more records of " + vm, () -> written(site, vm) >= before + records);
  }

  /** Takes a snapshot at production and makes it a restore point of the same name. */
  private void replicate(String name) throws IOException {
    berlin.createSnapshot("web", name, false, null);
    copy(name);
    munich.createSnapshot("web-replica", name, false, null);
  }

  private void copy(String snapshot) throws IOException {
    copy(berlinDirectory, "web", snapshot, munich, "web-replica", DISKS);
  }

  private static void copy(
      Path from, String vm, String snapshot, LabClient to, String copy, List<String> disks)
      throws IOException {
    for (String disk : disks) {
      try (LabDiskSource source = LabDiskSource.open(from, vm, disk, snapshot);
          DiskConnection target = to.openDisk(copy, disk)) {
        for (ByteRange range : source.allocated(new ByteRange(0, source.capacityBytes()))) {
          ByteBuffer bytes = ByteBuffer.allocate((int) range.lengthBytes());
          source.read(range.offsetBytes(), bytes);
          target.write(range.offsetBytes(), bytes.flip(), null);
        }
      }
      to.flush(copy, disk, null);
    }
  }

  private FailoverTestimony hear() throws IOException {
    return Witness.failover(berlinDirectory, "web", munichDirectory, "web-replica");
  }

  private void overwrite(String disk, long record, byte[] bytes) {
    try (DiskConnection connection = munich.openDisk("web-replica", disk)) {
      connection.write(
          Layer.GRAIN + (record - 1) * GuestRecord.BYTES, ByteBuffer.wrap(bytes), null);
    }
    munich.flush("web-replica", disk, null);
  }

  private void assertFails(String mistake) throws IOException {
    // An idle guest, so that none writes over the damage.
    munich.replaceGuest("web-replica", new GuestDefinition(0.0, null, null, null, null), null);
    munich.powerOn("web-replica", null);
    LabFixture.await("boot", () -> munich.look("web-replica").toolsReady());
    FailoverTestimony testimony = hear();
    assertThat(testimony.verdict()).isEqualTo("FAILED");
    assertThat(testimony.mistakes()).anyMatch(one -> one.contains(mistake));
  }

  @Test
  void isContentWhenEachRestorePointHoldsWhatItMust() throws IOException {
    awaitMore(berlinDirectory, "web", 30);
    replicate("one");
    awaitMore(berlinDirectory, "web", 30);
    replicate("two");
    awaitMore(berlinDirectory, "web", 30);

    munich.revert("web-replica", "one", null);
    munich.powerOn("web-replica", null);
    awaitMore(munichDirectory, "web-replica", 20);
    FailoverTestimony one = hear();

    assertThat(one.mistakes()).isEmpty();
    assertThat(one.restorePoint()).isEqualTo("one");
    assertThat(one.recordsWhole())
        .isBetween(one.flushedBefore(), one.writtenBefore())
        .isGreaterThanOrEqualTo(30);
    assertThat(one.rpoRecords()).isGreaterThanOrEqualTo(60);
    assertThat(one.recordsLost()).isZero();
    assertThat(one.replicaRecords()).isPositive();

    munich.powerOff("web-replica", null);
    munich.revert("web-replica", "two", null);
    munich.powerOn("web-replica", null);
    LabFixture.await("boot", () -> munich.look("web-replica").toolsReady());
    FailoverTestimony two = hear();
    assertThat(two.mistakes()).isEmpty();
    assertThat(two.restorePoint()).isEqualTo("two");
    assertThat(two.recordsWhole()).isGreaterThan(one.recordsWhole());

    ProductionTestimony own = Witness.production(berlinDirectory, "web");
    assertThat(own.mistakes()).isEmpty();
    assertThat(own.recordsWhole()).isBetween(own.flushed(), own.written());
  }

  @Test
  void saysNoToALostRecord() throws IOException {
    awaitMore(berlinDirectory, "web", 30);
    replicate("one");
    overwrite("disk-0", 7, new byte[GuestRecord.BYTES]);
    assertFails("was flushed before the restore point");
  }

  @Test
  void saysNoToATornRecord() throws IOException {
    awaitMore(berlinDirectory, "web", 30);
    replicate("one");
    byte[] torn = new GuestRecord(UUID.randomUUID(), 7, 0).toBytes();
    torn[300]++;
    overwrite("disk-1", 7, torn);
    assertFails("is torn, though record");
  }

  @Test
  void saysNoToADiskThatWasNeverCopied() throws IOException {
    awaitMore(berlinDirectory, "web", 30);
    replicate("one");
    try (DiskConnection connection = munich.openDisk("web-replica", "disk-1")) {
      connection.write(List.of(), List.of(), List.of(new ByteRange(0, LabFixture.MIB)), null);
    }
    munich.flush("web-replica", "disk-1", null);
    assertFails("Production's guest wrote to 2 disks, but 1 of the replica's 2 hold its records.");
  }

  @Test
  void saysNoToAForeignBoot() throws IOException {
    awaitMore(berlinDirectory, "web", 30);
    replicate("one");
    overwrite("disk-0", 7, new GuestRecord(UUID.randomUUID(), 7, 0).toBytes());
    assertFails("which is none of the replica's");
  }

  @Test
  void saysNoToAStaleRestorePoint() throws IOException {
    awaitMore(berlinDirectory, "web", 30);
    berlin.createSnapshot("web", "one", false, null);
    awaitMore(berlinDirectory, "web", 30);
    berlin.createSnapshot("web", "two", false, null);
    copy("one");
    munich.createSnapshot("web-replica", "two", false, null);
    assertFails("was flushed before the restore point");
  }

  @Test
  void saysNoToARestorePointThatHoldsLaterRecords() throws IOException {
    awaitMore(berlinDirectory, "web", 30);
    berlin.createSnapshot("web", "one", false, null);
    awaitMore(berlinDirectory, "web", 30);
    berlin.createSnapshot("web", "two", false, null);
    copy("two");
    munich.createSnapshot("web-replica", "one", false, null);
    assertFails("were written before the restore point");
  }

  @Test
  void saysNoWhenProductionLostWhatItHadFlushed() throws IOException {
    awaitMore(berlinDirectory, "web", 30);
    berlin.powerOff("web", null);
    try (DiskConnection connection = berlin.openDisk("web", "disk-0")) {
      connection.write(
          Layer.GRAIN + 6L * GuestRecord.BYTES, ByteBuffer.wrap(new byte[GuestRecord.BYTES]), null);
    }
    berlin.flush("web", "disk-0", null);
    assertThat(Witness.production(berlinDirectory, "web").mistakes())
        .anyMatch(one -> one.contains("was flushed"));
  }

  @Test
  void isContentWithAFailbackThatBroughtTheReplicasLastRecord() throws IOException {
    failOver();
    munich.powerOff("web-replica", null);
    munich.createSnapshot("web-replica", "last", false, null);
    failBack("last", DISKS);

    FailbackTestimony home =
        Witness.failback(munichDirectory, "web-replica", berlinDirectory, "web");

    assertThat(home.mistakes()).isEmpty();
    assertThat(home.recordsLost()).isZero();
    assertThat(home.recordsOfReplica()).isBetween(home.flushedBefore(), home.writtenBefore());
  }

  @Test
  void saysNoToAFailbackThatMissedTheReplicasLastRecords() throws IOException {
    failOver();
    munich.createSnapshot("web-replica", "early", false, null);
    awaitMore(munichDirectory, "web-replica", 30);
    munich.powerOff("web-replica", null);
    failBack("early", DISKS);

    FailbackTestimony home =
        Witness.failback(munichDirectory, "web-replica", berlinDirectory, "web");

    assertThat(home.recordsLost()).isPositive();
    assertThat(home.mistakes()).anyMatch(one -> one.contains("was flushed before its power-off"));
  }

  @Test
  void saysNoToAFailbackOfOneDiskOfTwo() throws IOException {
    failOver();
    munich.powerOff("web-replica", null);
    munich.createSnapshot("web-replica", "last", false, null);
    failBack("last", List.of("disk-0"));

    assertThat(Witness.failback(munichDirectory, "web-replica", berlinDirectory, "web").mistakes())
        .anyMatch(one -> one.contains("Disk 'disk-1' holds the replica's records up to 0"));
  }

  private void failOver() throws IOException {
    awaitMore(berlinDirectory, "web", 30);
    // What production wrote after the point would lie behind the replica's records: only they are
    // copied back here.
    berlin.powerOff("web", null);
    replicate("one");
    munich.powerOn("web-replica", null);
    awaitMore(munichDirectory, "web-replica", 30);
  }

  private void failBack(String snapshot, List<String> disks) throws IOException {
    copy(munichDirectory, "web-replica", snapshot, berlin, "web", disks);
    berlin.powerOn("web", null);
    LabFixture.await("boot", () -> berlin.look("web").toolsReady());
  }
}
