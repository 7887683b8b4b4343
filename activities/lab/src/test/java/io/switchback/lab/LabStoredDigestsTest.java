package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskSink;
import io.switchback.delta.FencedException;
import io.switchback.delta.ForwardingSink;
import io.switchback.delta.Rung;
import io.switchback.delta.StoredTags;
import io.switchback.delta.StoredTags.Useless;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferJournal;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.TransferResult;
import io.switchback.delta.state.TagMapFile;
import io.switchback.delta.tag.TagAlgorithm;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a site stores of the disks that transfers write, and what makes it worth nothing. */
class LabStoredDigestsTest {
  /** Of larger disks only so many random leaves are audited. */
  private static final int SAMPLE = 4600;

  private static final long CAPACITY = 20L * ScatteredSource.SUPER_BYTES;
  private static final ChangedAreas UNKNOWN = new ChangedAreas.Unknown("it is the first");
  private static final ChangedAreas COMPARED =
      new ChangedAreas.Compared("change tracking was reset");

  @TempDir Path directory;
  private LabDaemon daemon;
  private LabClient client;
  private final ScatteredSource source = new ScatteredSource(CAPACITY);
  private final AtomicLong taggedBytes = new AtomicLong();
  private int snapshots;

  @BeforeEach
  void start() throws IOException {
    daemon = LabDaemon.start(new LabSettings("munich", directory, 0));
    client = LabClient.of(directory);
    if (!Files.exists(directory.resolve("vms/web"))) {
      client.createVm(LabFixture.idle("web", CAPACITY), null);
    }
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    daemon.close();
  }

  private LabDiskSink sink(long epoch) {
    LabDiskSink sink =
        LabDiskSink.open(client, "web", "disk-0", LabFixture.stamp("cycle", epoch, 1));
    sink.remember("snapshot-" + snapshots);
    return sink;
  }

  /** Changes a leaf in each of those supers, then copies the next snapshot of the source. */
  private TransferResult pass(ChangedAreas changes, long... supers) throws Exception {
    for (long one : supers) {
      source.change(one);
    }
    snapshots++;
    taggedBytes.set(0);
    try (DiskSink sink = new Counting(sink(3))) {
      TransferResult result = new Transfer(source, sink, changes, TransferObserver.NONE).run();
      source.assertCopiedTo(client, "web", "disk-0");
      return result;
    }
  }

  private void assertReason(String reason) throws Exception {
    TransferResult result = pass(COMPARED, 2);
    assertThat(result.rung()).isEqualTo(Rung.FULL_COMPARISON);
    assertThat(result.reason()).isEqualTo("change tracking was reset, and " + reason);
    assertThat(pass(COMPARED, 2).rung())
        .as("a comparison stores them anew")
        .isEqualTo(Rung.STORED_DIGESTS);
  }

  private void assertUselessForTheyWereWritten() throws Exception {
    assertReason("the disk was written or reverted since its digests were stored");
  }

  @Test
  void afterTheFirstCopyTheReplicaIsReadInASampleOnly() throws Exception {
    pass(UNKNOWN);

    TransferResult result = pass(COMPARED, 3, 7);

    assertThat(result.rung()).isEqualTo(Rung.STORED_DIGESTS);
    assertThat(result.reason())
        .isEqualTo(
            "change tracking was reset, so the source was compared with the sink's stored digests");
    assertThat(result.coveredBytes()).isEqualTo(2L * Layer.GRAIN);
    assertThat(result.auditedLeaves()).isEqualTo(SAMPLE);
    assertThat(taggedBytes)
        .as("the sample, and what was sent: once for the proof and once to be stored")
        .hasValue((SAMPLE + 4L) * Layer.GRAIN);
  }

  @Test
  void restorePointsTheirRemovalAndAStartOfTheSiteKeepThem() throws Exception {
    pass(UNKNOWN);
    client.createSnapshot("web", "one", false, null);
    assertThat(pass(COMPARED, 1).rung()).isEqualTo(Rung.STORED_DIGESTS);
    client.createSnapshot("web", "two", false, null);
    assertThat(pass(COMPARED, 2).rung()).isEqualTo(Rung.STORED_DIGESTS);
    client.createSnapshot("web", "three", false, null);
    client.removeSnapshot("web", "two", null);
    assertThat(pass(COMPARED, 1).rung()).isEqualTo(Rung.STORED_DIGESTS);
    client.removeSnapshot("web", "one", null);
    client.removeSnapshot("web", "three", null);
    stop();
    start();
    TransferResult result = pass(COMPARED, 4);
    assertThat(result.rung()).isEqualTo(Rung.STORED_DIGESTS);
    assertThat(result.coveredBytes()).isEqualTo(Layer.GRAIN);
  }

  @Test
  void aPassByChangeListsKeepsThemUpToDate() throws Exception {
    pass(UNKNOWN);
    ByteRange all = new ByteRange(0, ScatteredSource.SUPER_BYTES);
    assertThat(pass(new ChangedAreas.Listed(List.of(all)), 0).rung()).isEqualTo(Rung.CHANGE_LIST);
    TransferResult result = pass(COMPARED, 4);
    assertThat(result.rung()).isEqualTo(Rung.STORED_DIGESTS);
    assertThat(result.coveredBytes()).isEqualTo(Layer.GRAIN);
  }

  @Test
  void aDiskOfWhichNoneAreStoredIsCompared() throws Exception {
    assertReason("no digests of the disk are stored");
  }

  @Test
  void whatAGuestWritesMakesThemUseless() throws Exception {
    pass(UNKNOWN);
    client.replaceGuest("web", LabFixture.writing("web", CAPACITY).guest(), null);
    client.powerOn("web", null);
    LabFixture.await("the guest's first write", () -> client.look("web").toolsReady());
    client.powerOff("web", null);
    assertUselessForTheyWereWritten();
  }

  @Test
  void whatAPersonWritesMakesThemUselessBeforeItsFirstByte() throws Exception {
    pass(UNKNOWN);
    assertThat(files()).containsExactlyInAnyOrder(TagMapFile.FILE, TagMapFile.WORTH);
    try (DiskConnection person = client.openDisk("web", "disk-0")) {
      person.write(0, ByteBuffer.allocate(1), null);
    }
    assertThat(files()).as("also after a crash here").containsExactly(TagMapFile.FILE);
    assertUselessForTheyWereWritten();
  }

  @Test
  void whatANewerHolderWritesOutsideOfAPassMakesThemUseless() throws Exception {
    pass(UNKNOWN);
    try (LabDiskSink other =
        LabDiskSink.open(client, "web", "disk-0", LabFixture.stamp("cycle", 3, 2))) {
      other.write(zeros());
    }
    assertThat(files()).containsExactly(TagMapFile.FILE);
  }

  @Test
  void aRevertMakesThemUseless() throws Exception {
    client.createSnapshot("web", "empty", false, null);
    pass(UNKNOWN);
    client.revert("web", "empty", null);
    assertUselessForTheyWereWritten();
  }

  @Test
  void aRevertIsKnownAlsoToASiteThatHasStartedAgain() throws Exception {
    client.createSnapshot("web", "empty", false, null);
    pass(UNKNOWN);
    client.revert("web", "empty", null);
    stop();
    start();
    assertUselessForTheyWereWritten();
  }

  @Test
  void aDiskThatHasGrownIsComparedAndCanStoreThemAgain() throws Exception {
    pass(UNKNOWN);
    long larger = CAPACITY + Layer.GRAIN;
    client.growDisk("web", "disk-0", larger, null);
    try (LabDiskSink sink = sink(3)) {
      StoredTags tags = tags(sink);
      assertThat(tags.standing("any")).isInstanceOf(Useless.class);
      tags.make("any", TagKey.random(TagAlgorithm.GMAC));
      byte[] one = new byte[16];
      tags.put(CAPACITY / ScatteredSource.SUPER_BYTES, one);
      assertThat(tags.leaves(CAPACITY / ScatteredSource.SUPER_BYTES)).hasValue(one);
    }
  }

  @Test
  void aPassThatWasCutHasThemForItself() throws Exception {
    pass(UNKNOWN);
    source.change(1);
    snapshots++;
    client.script(FaultScript.failing(TagCalls.FINISH, "web", "INTERNAL"));
    assertThatThrownBy(() -> again(sink(3))).isInstanceOf(IOException.class);
    stop();
    start();
    assertThat(again(sink(3)).rung()).isEqualTo(Rung.STORED_DIGESTS);

    source.change(1);
    snapshots++;
    client.script(FaultScript.failing(TagCalls.FINISH, "web", "INTERNAL"));
    assertThatThrownBy(() -> again(sink(3))).isInstanceOf(IOException.class);
    assertReason("a transfer that was interrupted left the disk other than its stored digests");
  }

  private TransferResult again(LabDiskSink opened) throws Exception {
    try (DiskSink sink = opened) {
      return new Transfer(source, sink, COMPARED, TransferObserver.NONE).run();
    }
  }

  @Test
  void onlyTheAttemptThatMayWriteUsesThem() throws Exception {
    try (LabDiskSink late = sink(3);
        LabDiskSink next = sink(3)) {
      tags(late).make("one", TagKey.random(TagAlgorithm.GMAC));
      assertThat(tags(next).standing("one")).isInstanceOf(StoredTags.Making.class);
      byte[] none = new byte[256 * 16];
      assertOver(() -> tags(late).standing("one"));
      assertOver(() -> tags(late).update("one"));
      assertOver(() -> tags(late).make("one", TagKey.random(TagAlgorithm.GMAC)));
      assertOver(() -> tags(late).leaves(0));
      assertOver(() -> tags(late).put(0, none));
      assertOver(() -> tags(late).finish());
      tags(next).put(0, none);
    }
  }

  @Test
  void anAttemptIsOverForThemToWhenTheSiteStartsAgain() throws Exception {
    try (LabDiskSink sink = sink(3)) {
      tags(sink).make("one", TagKey.random(TagAlgorithm.GMAC));
      daemon.close();
      daemon = LabDaemon.start(new LabSettings("munich", directory, 0));
      assertThatThrownBy(() -> tags(sink).finish()).isInstanceOf(IOException.class);
      assertOver(() -> tags(sink).finish());
    }
  }

  @Test
  void whoeverIsFencedOffLearnsNothingOfThemAndChangesNothing() throws Exception {
    pass(UNKNOWN);
    try (LabDiskSink sink = sink(3)) {
      assertThat(tags(sink).standing("any")).isInstanceOf(StoredTags.Current.class);
      client.fence("web", LabFixture.stamp("failover", 4, 1));
      assertThatThrownBy(() -> tags(sink).standing("any")).isInstanceOf(FencedException.class);
      assertThatThrownBy(() -> tags(sink).leaves(0)).isInstanceOf(FencedException.class);
      assertThatThrownBy(() -> tags(sink).update("any")).isInstanceOf(FencedException.class);
      assertThatThrownBy(() -> tags(sink).finish()).isInstanceOf(FencedException.class);
    }
    try (LabDiskSink sink = sink(4)) {
      assertThat(tags(sink).standing("any")).isInstanceOf(StoredTags.Current.class);
    }
  }

  @Test
  void theyChangeUnderAPassOnlyOnceItWasToldOf() throws Exception {
    pass(UNKNOWN);
    try (LabDiskSink sink = sink(3);
        DiskConnection person = client.openDisk("web", "disk-0")) {
      assertThat(tags(sink).standing("any")).isInstanceOf(StoredTags.Current.class);
      person.write(0, ByteBuffer.allocate(1), null);
      assertOver(() -> tags(sink).update("any"));
    }
  }

  @Test
  void theirKeyIsTheirOwnersAlone() throws Exception {
    pass(UNKNOWN);
    for (String file : files()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(disk().resolve(file))))
          .as(file)
          .isEqualTo("rw-------");
    }
    String key = Files.readString(disk().resolve(TagMapFile.WORTH)).split(" ")[7];
    TransferResult next = pass(COMPARED, 1);
    assertThat(TagKey.parse(key)).isNotEqualTo(next.proof().key());
    assertThat(new Requests.Storing("pass", key, 1, "").toString()).doesNotContain(key);
  }

  private static void assertOver(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IOException.class)
        .cause()
        .isInstanceOfSatisfying(
            LabException.class, e -> assertThat(e.is(LabFault.DISK_CHANGED)).isTrue());
  }

  private static StoredTags tags(DiskSink sink) {
    return sink.storedTags().orElseThrow();
  }

  private static Batch zeros() {
    return new Batch(List.of(new Batch.Zeros(new ByteRange(0, Layer.GRAIN))));
  }

  private Path disk() {
    return directory.resolve("vms/web/disks/disk-0");
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(disk())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("tags"))
          .toList();
    }
  }

  /** Counts what is read of the replica's disk. */
  private final class Counting extends ForwardingSink {
    private final DiskSink sink;

    Counting(DiskSink sink) {
      super(sink);
      this.sink = sink;
    }

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      taggedBytes.addAndGet(ranges.stream().mapToLong(ByteRange::lengthBytes).sum());
      return super.tags(key, level, ranges);
    }

    @Override
    public Optional<TransferJournal> journal() {
      return sink.journal();
    }

    @Override
    public Optional<StoredTags> storedTags() {
      return sink.storedTags();
    }
  }
}
