package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskSink;
import io.switchback.delta.FencedException;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferJournal;
import io.switchback.delta.TransferJournal.Applied;
import io.switchback.delta.TransferJournal.Begun;
import io.switchback.delta.TransferJournal.Note;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.tag.TagAlgorithm;
import io.switchback.delta.tag.TagKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a transfer into a lab disk came, which its site remembers. */
class LabResumeTest {
  private static final int CAPACITY = 4 * ScatteredSource.SUPER_BYTES;
  private static final ChangedAreas ALL = new ChangedAreas.Unknown("it is the first");
  private static final List<Note> NOTES = List.of(new Applied(3, "ab".repeat(32)));

  @TempDir Path directory;
  private LabDaemon daemon;
  private LabClient client;

  @BeforeEach
  void start() throws IOException {
    daemon = LabDaemon.start(new LabSettings("munich", directory, 0));
    client = LabClient.of(directory);
    client.createVm(LabFixture.idle("web", CAPACITY), null);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    daemon.close();
  }

  private LabDiskSink sink(String source) {
    LabDiskSink sink = LabDiskSink.open(client, "web", "disk-0", LabFixture.stamp("cycle", 3, 1));
    sink.remember(source);
    return sink;
  }

  private static Begun begin(DiskSink sink) throws IOException {
    return journal(sink).begin(pass(CAPACITY, "all"));
  }

  private static TransferJournal.Pass pass(long capacityBytes, String changes) {
    return new TransferJournal.Pass(capacityBytes, changes, TagKey.random(TagAlgorithm.GMAC));
  }

  private static TransferJournal journal(DiskSink sink) {
    return sink.journal().orElseThrow();
  }

  private static Batch zeros() {
    return new Batch(List.of(new Batch.Zeros(new ByteRange(0, Layer.GRAIN))));
  }

  private void tell(String source) throws IOException {
    try (LabDiskSink sink = sink(source)) {
      begin(sink);
      journal(sink).add(NOTES);
    }
  }

  private List<Note> known(String source) throws IOException {
    try (LabDiskSink sink = sink(source)) {
      return begin(sink).notes();
    }
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(directory.resolve("vms/web/disks/disk-0"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains(".transfer"))
          .toList();
    }
  }

  @Test
  void anAttemptGoesOnWhereTheLastOneEnded() throws Exception {
    ScatteredSource source = new ScatteredSource(CAPACITY);
    source.dieAfter(source.allocatedBytes() - 1);
    assertThatIOException().isThrownBy(() -> transfer(source)).withMessageContaining("died");
    long firstBytes = source.readBytes();

    source.dieAfter(Long.MAX_VALUE);
    transfer(source);

    assertThat(source.readBytes())
        .as("of %d, %d were read", source.allocatedBytes(), firstBytes)
        .isLessThanOrEqualTo(source.allocatedBytes() + ScatteredSource.bytesUnderWay());
    source.assertCopiedTo(client, "web", "disk-0");
  }

  private void transfer(ScatteredSource source) throws Exception {
    try (LabDiskSink sink = sink("snapshot-1")) {
      var _ = new Transfer(source, sink, ALL, TransferObserver.NONE).run();
    }
  }

  @Test
  void whatWasToldIsKnownAlsoAfterTheSiteHasStartedAgain() throws Exception {
    TagKey key;
    try (LabDiskSink sink = sink("snapshot-1")) {
      key = begin(sink).key();
      journal(sink).add(NOTES);
    }
    stop();
    daemon = LabDaemon.start(new LabSettings("munich", directory, 0));
    client = LabClient.of(directory);
    try (LabDiskSink sink = sink("snapshot-1")) {
      assertThat(begin(sink)).isEqualTo(new Begun(key, NOTES));
    }
  }

  @Test
  void anotherSourceOrListOrCapacityBeginsAnew() throws Exception {
    tell("snapshot-1");
    assertThat(known("snapshot-2")).isEmpty();
    tell("snapshot-1");
    try (LabDiskSink sink = sink("snapshot-1")) {
      assertThat(journal(sink).begin(pass(CAPACITY, "some")).notes()).isEmpty();
    }
    tell("snapshot-1");
    try (LabDiskSink sink = sink("snapshot-1")) {
      assertThat(journal(sink).begin(pass(CAPACITY + 512, "all")).notes()).isEmpty();
    }
  }

  @Test
  void whatOthersWriteMakesItBeginAnew() throws Exception {
    tell("snapshot-1");
    try (LabDiskSink sink =
        LabDiskSink.open(client, "web", "disk-0", LabFixture.stamp("cycle", 3, 1))) {
      sink.write(zeros());
    }
    assertThat(files()).isEmpty();
    assertThat(known("snapshot-1")).isEmpty();
  }

  @Test
  void anAttemptWhoseDiskOthersWroteGoesOnAndIsRememberedByNobody() throws Exception {
    try (LabDiskSink sink = sink("snapshot-1");
        DiskConnection other = client.openDisk("web", "disk-0")) {
      begin(sink);
      other.write(0, ByteBuffer.allocate(1), null);
      sink.write(zeros());
      journal(sink).add(NOTES);
    }
    assertThat(known("snapshot-1")).isEmpty();
  }

  @Test
  void aGuestThatWroteMakesItBeginAnew() throws Exception {
    client.replaceGuest("web", LabFixture.writing("web", CAPACITY).guest(), null);
    tell("snapshot-1");
    client.powerOn("web", null);
    LabFixture.await("the guest's first write", () -> client.look("web").toolsReady());
    client.powerOff("web", null);
    assertThat(known("snapshot-1")).isEmpty();
  }

  @Test
  void aRevertAndASnapshotTakeItAway() throws Exception {
    client.createSnapshot("web", "one", false, null);
    tell("snapshot-1");
    assertThat(files()).hasSize(1);
    client.revert("web", "one", null);
    assertThat(files()).isEmpty();
    assertThat(known("snapshot-1")).isEmpty();

    tell("snapshot-1");
    client.createSnapshot("web", "two", false, null);
    assertThat(files()).isEmpty();
    assertThat(known("snapshot-1")).isEmpty();
  }

  @Test
  void aLayerThatIsNotTheTopAnyMoreHasNoneAfterAStart() throws Exception {
    client.createSnapshot("web", "one", false, null);
    Path disk = directory.resolve("vms/web/disks/disk-0");
    tell("snapshot-1");
    String top = files().getFirst();
    byte[] journal = Files.readAllBytes(disk.resolve(top));
    client.createSnapshot("web", "two", false, null);
    Files.write(disk.resolve(top), journal);
    stop();
    daemon = LabDaemon.start(new LabSettings("munich", directory, 0));
    client = LabClient.of(directory);
    assertThat(files()).isEmpty();
  }

  @Test
  void anAttemptIsOverWhenTheNextOneBegins() throws Exception {
    try (LabDiskSink late = sink("snapshot-1");
        LabDiskSink next = sink("snapshot-1")) {
      begin(late);
      begin(next);
      assertOver(() -> late.write(zeros()));
      assertOver(() -> journal(late).add(NOTES));
      assertOver(() -> journal(late).clear());
      next.write(zeros());
    }
  }

  /** What it wrote may be lost without anybody telling, since a flush finds nothing to do. */
  @Test
  void anAttemptIsOverWhenTheSiteStartsAgain() throws Exception {
    try (LabDiskSink sink = sink("snapshot-1")) {
      begin(sink);
      daemon.close();
      daemon = LabDaemon.start(new LabSettings("munich", directory, 0));
      assertThatIOException().as("its connection").isThrownBy(() -> sink.write(zeros()));
      sink.flush();
      assertOver(() -> journal(sink).add(List.of()));
      assertOver(() -> sink.write(zeros()));
    }
  }

  @Test
  void anAttemptIsOverWhenItsDiskIsRevertedOrSnapshotted() throws Exception {
    try (LabDiskSink sink = sink("snapshot-1")) {
      begin(sink);
      client.createSnapshot("web", "one", false, null);
      assertOver(() -> journal(sink).add(NOTES));
      begin(sink);
      client.revert("web", "one", null);
      assertOver(() -> sink.write(zeros()));
    }
  }

  private static void assertOver(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IOException.class)
        .cause()
        .isInstanceOfSatisfying(
            LabException.class, e -> assertThat(e.is(LabFault.DISK_CHANGED)).isTrue());
  }

  @Test
  void anAttemptThatIsFencedOffLearnsAndTellsNothing() throws Exception {
    try (LabDiskSink sink = sink("snapshot-1")) {
      begin(sink);
      client.fence("web", LabFixture.stamp("failover", 4, 1));
      assertThatThrownBy(() -> journal(sink).add(NOTES)).isInstanceOf(FencedException.class);
      assertThatThrownBy(() -> journal(sink).clear()).isInstanceOf(FencedException.class);
      assertThatThrownBy(() -> begin(sink)).isInstanceOf(FencedException.class);
    }
  }
}
