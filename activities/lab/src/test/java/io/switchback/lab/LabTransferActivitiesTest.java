package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.delta.RateLimits;
import io.switchback.delta.TransferBook;
import io.switchback.delta.state.TagMapFile;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.fault.Remedy;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.PortCaller;
import io.switchback.port.TransferActivities;
import io.switchback.port.TransferActivities.FenceOff;
import io.switchback.port.TransferActivities.TransferDisk;
import io.switchback.port.TransferActivities.Transferred;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabTransferActivitiesTest {
  private static final int CAPACITY = 4 << 20;
  private static final VmRef PRODUCTION = new VmRef("berlin", "web", "web");
  private static final VmRef RECOVERY = new VmRef("munich", "web-replica", "web-replica");
  private static final DiskPair PAIR = new DiskPair("disk-0", "disk-0", CAPACITY);

  @TempDir Path directory;
  private final TransferBook book = new TransferBook();
  private LabDaemon production;
  private LabDaemon recovery;
  private LabClient berlin;
  private LabClient munich;
  private PortCaller<TransferActivities> port;

  @BeforeEach
  void start() throws Exception {
    production = LabDaemon.start(new LabSettings("berlin", directory.resolve("berlin"), 0));
    recovery = LabDaemon.start(new LabSettings("munich", directory.resolve("munich"), 0));
    berlin = LabClient.of(directory.resolve("berlin"));
    munich = LabClient.of(directory.resolve("munich"));
    berlin.createVm(LabFixture.idle("web", CAPACITY), null);
    munich.createVm(LabFixture.idle("web-replica", CAPACITY), null);
    port =
        new PortCaller<>(
            TransferActivities.class,
            new LabTransferActivities(
                new LabSites(Map.of("berlin", berlin, "munich", munich)),
                LabTransferFixture.NOBODY,
                book,
                RateLimits.none()));
  }

  @AfterEach
  void stop() throws Exception {
    port.close();
    berlin.close();
    munich.close();
    production.close();
    recovery.close();
  }

  private static Mandate mandate(long epoch, long step) {
    return new Mandate("cycle", "transfer", new Fence(1, epoch, step, 0));
  }

  private Transferred transfer(long epoch, String snapshot, String since) {
    return port.call()
        .transferDisk(
            new TransferDisk(mandate(epoch, 1), PRODUCTION, snapshot, RECOVERY, PAIR, since));
  }

  private static void assertFault(Fault fault, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FaultException.class, e -> assertThat(e.fault()).as(e.sentence()).isEqualTo(fault));
  }

  private void write(LabClient site, String vm, long offset, byte[] bytes) {
    try (DiskConnection disk = site.openDisk(vm, "disk-0")) {
      disk.write(offset, ByteBuffer.wrap(bytes), null);
    }
  }

  private byte[] content(LabClient site, String vm) {
    try (DiskConnection disk = site.openDisk(vm, "disk-0")) {
      return LabFixture.read(disk, null, 0, CAPACITY);
    }
  }

  @Test
  void copiesAllFirstAndThenWhatChanged() {
    Random random = new Random(1);
    write(berlin, "web", 100_000, LabFixture.random(random, 1_000_000));
    SnapshotView first = berlin.createSnapshot("web", "one", false, null);

    Transferred full = transfer(1, "one", null);

    assertThat(full.rung()).isEqualTo("FULL_COPY");
    assertThat(book.totals().get(new TransferBook.Sites("berlin", "munich")).sentBytes())
        .isEqualTo(full.sentBytes());
    assertThat(book.running()).as("it is over").isEmpty();
    assertThat(full.reason()).contains("no earlier cycle");
    assertThat(content(munich, "web-replica")).isEqualTo(content(berlin, "web"));

    write(berlin, "web", 2_000_000, LabFixture.random(random, 70_000));
    berlin.createSnapshot("web", "two", false, null);
    Transferred next = transfer(2, "two", first.changeIds().get("disk-0"));

    assertThat(next.rung()).isEqualTo("CHANGE_LIST");
    assertThat(next.sentBytes()).isBetween(70_000L, 3L * Layer.GRAIN);
    assertThat(content(munich, "web-replica")).isEqualTo(content(berlin, "web"));
  }

  @Test
  void sendsOnlyWhatDiffersWhenChangeTrackingWasReset() {
    write(berlin, "web", 0, LabFixture.random(new Random(1), 1_000_000));
    SnapshotView first = berlin.createSnapshot("web", "one", false, null);
    transfer(1, "one", null);
    berlin.resetTracking("web", "disk-0", null);
    write(berlin, "web", 500_000, LabFixture.random(new Random(2), 10));
    berlin.createSnapshot("web", "two", false, null);

    Transferred compared = transfer(2, "two", first.changeIds().get("disk-0"));

    assertThat(compared.rung()).isEqualTo("STORED_DIGESTS");
    assertThat(compared.reason()).contains("change tracking was reset");
    assertThat(compared.sentBytes()).isEqualTo(Layer.GRAIN);
    assertThat(content(munich, "web-replica")).isEqualTo(content(berlin, "web"));
  }

  @Test
  void comparesBothDisksWhenTheReplicaWasWrittenToo() {
    write(berlin, "web", 0, LabFixture.random(new Random(1), 1_000_000));
    SnapshotView first = berlin.createSnapshot("web", "one", false, null);
    transfer(1, "one", null);
    berlin.resetTracking("web", "disk-0", null);
    write(munich, "web-replica", 500_000, LabFixture.random(new Random(2), 10));
    berlin.createSnapshot("web", "two", false, null);

    Transferred compared = transfer(2, "two", first.changeIds().get("disk-0"));

    assertThat(compared.rung()).isEqualTo("FULL_COMPARISON");
    assertThat(compared.reason())
        .contains("change tracking was reset")
        .contains("the disk was written or reverted since its digests were stored");
    assertThat(content(munich, "web-replica")).isEqualTo(content(berlin, "web"));
  }

  @ParameterizedTest
  @ValueSource(strings = {TagCalls.STANDING, TagCalls.LEAVES, TagCalls.UPDATE, TagCalls.PUT})
  void storedDigestsThatAreOutOfReachMakeItTriedAgainAndNeverAnotherRung(String call) {
    write(berlin, "web", 0, LabFixture.random(new Random(1), 1_000_000));
    SnapshotView first = berlin.createSnapshot("web", "one", false, null);
    transfer(1, "one", null);
    berlin.resetTracking("web", "disk-0", null);
    write(berlin, "web", 500_000, LabFixture.random(new Random(2), 10));
    berlin.createSnapshot("web", "two", false, null);
    String since = first.changeIds().get("disk-0");

    munich.script(FaultScript.dropping(call, "web-replica"));
    assertFault(Fault.SITE_UNREACHABLE, () -> transfer(2, "two", since));
    munich.script(FaultScript.failing(call, "web-replica", "INTERNAL"));
    assertFault(Fault.UNEXPECTED, () -> transfer(2, "two", since));
    Transferred again = transfer(2, "two", since);

    assertThat(again.rung()).isEqualTo("STORED_DIGESTS");
    assertThat(content(munich, "web-replica")).isEqualTo(content(berlin, "web"));
  }

  @Test
  void whatCannotBeReadOfThemIsAFaultThatIsTriedAgain() throws Exception {
    write(berlin, "web", 0, LabFixture.random(new Random(1), 1_000_000));
    berlin.createSnapshot("web", "one", false, null);
    transfer(1, "one", null);
    Path worth = directory.resolve("munich/vms/web-replica/disks/disk-0/" + TagMapFile.WORTH);
    Files.delete(worth);
    Files.createDirectory(worth);

    assertThatThrownBy(() -> transfer(2, "one", null))
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> {
              assertThat(e.fault().remedy()).isEqualTo(Remedy.RETRY);
              assertThat(e.sentence()).contains("The stored digests of disk 'disk-0'");
            });
  }

  @Test
  void aRetryGoesOnWhereTheLastAttemptEnded() {
    long capacity = 6L * ScatteredSource.SUPER_BYTES;
    berlin.growDisk("web", "disk-0", capacity, null);
    munich.growDisk("web-replica", "disk-0", capacity, null);
    for (long at = 0; at < capacity; at += ScatteredSource.SUPER_BYTES) {
      write(berlin, "web", at, LabFixture.random(new Random(at), Layer.GRAIN));
    }
    berlin.createSnapshot("web", "one", false, null);
    munich.script(FaultScript.delaying("write", "web-replica", Duration.ZERO).times(4));
    munich.script(FaultScript.failing("write", "web-replica", "DATASTORE_FULL").times(2));

    assertFault(Fault.DATASTORE_FULL, () -> transfer(1, "one", null));
    munich.clearScripts();
    Transferred second = transfer(1, "one", null);

    // Four supers were written before; of those no more than one thread's last was not flushed.
    assertThat(second.sentBytes()).isBetween(2L * Layer.GRAIN, 3L * Layer.GRAIN);
    assertThat(second.readBytes()).isLessThanOrEqualTo(4 * second.sentBytes());
    for (long at = 0; at < capacity; at += ScatteredSource.SUPER_BYTES) {
      try (DiskConnection disk = munich.openDisk("web-replica", "disk-0")) {
        assertThat(LabFixture.read(disk, null, at, Layer.GRAIN))
            .isEqualTo(LabFixture.random(new Random(at), Layer.GRAIN));
      }
    }
  }

  @Test
  void anotherSnapshotOfTheSameNameIsCopiedAnew() {
    write(berlin, "web", 0, LabFixture.random(new Random(1), Layer.GRAIN));
    berlin.createSnapshot("web", "one", false, null);
    transfer(1, "one", null);
    berlin.removeSnapshot("web", "one", null);
    write(berlin, "web", 0, LabFixture.random(new Random(2), Layer.GRAIN));
    berlin.createSnapshot("web", "one", false, null);

    transfer(1, "one", null);

    assertThat(content(munich, "web-replica")).isEqualTo(content(berlin, "web"));
  }

  @Test
  void refusesATransferThatIsFencedOff() {
    write(berlin, "web", 0, LabFixture.random(new Random(1), 1_000_000));
    berlin.createSnapshot("web", "one", false, null);
    Replica replica = new Replica("r", "web", PRODUCTION, RECOVERY, List.of(PAIR), List.of());
    FenceOff off = new FenceOff(mandate(5, 1), replica);

    assertThat(port.call().fenceOff(off).changed()).isTrue();
    assertThat(port.call().fenceOff(off).changed()).isFalse();

    assertFault(Fault.FENCED, () -> transfer(4, "one", null));
    assertThat(content(munich, "web-replica")).containsOnly(0);
    assertFault(Fault.FENCED, () -> port.call().fenceOff(new FenceOff(mandate(4, 9), replica)));
  }

  @Test
  void namesWhatIsWrong() {
    berlin.createSnapshot("web", "one", false, null);
    assertFault(Fault.RESTORE_POINT_NOT_FOUND, () -> transfer(1, "other", null));
    munich.powerOn("web-replica", null);
    assertFault(Fault.WRONG_POWER_STATE, () -> transfer(1, "one", null));
    munich.powerOff("web-replica", null);
    munich.growDisk("web-replica", "disk-0", CAPACITY + Layer.GRAIN, null);
    assertFault(Fault.SHAPE_CHANGED, () -> transfer(1, "one", null));
    munich.deleteVm("web-replica", null);
    assertFault(Fault.VM_NOT_FOUND, () -> transfer(1, "one", null));
  }
}
