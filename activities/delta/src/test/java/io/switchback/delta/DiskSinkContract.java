package io.switchback.delta;

import static io.switchback.delta.DocumentedTags.leaf;
import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.TestBytes.assertSameBytes;
import static io.switchback.delta.TestBytes.random;
import static io.switchback.delta.TestBytes.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** What every {@link DiskSink} promises. An adapter's test extends this and gives it a disk. */
public abstract class DiskSinkContract {
  private static final TagKey STORED = TagKey.parse("gmac:" + "d4".repeat(32));

  private byte[] expected;
  private DiskSink sink;

  /** A sink on a new disk that was never written, for its first holder. Closed by the contract. */
  protected abstract DiskSink open(int capacityBytes) throws Exception;

  /**
   * A fresh look at what the disk of {@link #open} holds now, past the sink. Closed by the
   * contract.
   */
  protected abstract DiskSource look() throws Exception;

  /** Makes a newer holder of the disk known. */
  protected abstract void raiseFence() throws Exception;

  /** Changes a byte of the disk, which was flushed, behind the sink's back. */
  protected abstract void damage(long offsetBytes) throws Exception;

  /** Crashes the machine that holds the disk; afterwards {@link #look} shows what survived. */
  protected void crash() throws Exception {
    throw new TestAbortedException("The machine that holds this disk cannot be crashed here.");
  }

  /** Leaves no space where the disk is. */
  protected void fillUp() throws Exception {
    throw new TestAbortedException("The place that holds this disk cannot be filled up here.");
  }

  /** Makes the device fail to write out what it is given next, which it tells once. */
  protected void failOneFlush() throws Exception {
    throw new TestAbortedException("The device that holds this disk cannot be made to fail here.");
  }

  /** Size of the disk, at least eight leaves. Odd by default, so that the last leaf is short. */
  protected int capacityBytes() {
    return 8 * LEAF_BYTES + 4096;
  }

  @BeforeEach
  final void openDisk() throws Exception {
    expected = new byte[capacityBytes()];
    sink = open(expected.length);
  }

  @AfterEach
  final void closeDisk() throws Exception {
    if (sink != null) {
      sink.close();
    }
  }

  @Test
  void saysTheSizeOfTheDisk() {
    assertThat(sink.capacityBytes()).isEqualTo(expected.length);
  }

  @Test
  void theDiskHoldsWhatTheBatchSays() throws Exception {
    write(data(0, random(1, 2 * LEAF_BYTES)), data(5 * LEAF_BYTES, random(2, LEAF_BYTES)));
    write(data(expected.length - 4096, random(3, 4096)));
    sink.flush();
    assertDiskIsAsExpected();
  }

  @Test
  void laterBatchesWin() throws Exception {
    write(data(LEAF_BYTES, random(1, LEAF_BYTES)));
    write(data(LEAF_BYTES, random(2, LEAF_BYTES)));
    sink.flush();
    write(data(LEAF_BYTES, random(3, LEAF_BYTES)));
    sink.flush();
    assertDiskIsAsExpected();
  }

  @Test
  void bytesOutsideTheBatchStayAsTheyAre() throws Exception {
    write(data(0, random(1, 4 * LEAF_BYTES)));
    write(data(LEAF_BYTES, random(2, 4096)), zeros(2 * LEAF_BYTES, 4096));
    sink.flush();
    assertDiskIsAsExpected();
  }

  @Test
  void zerosReadAsZeros() throws Exception {
    write(data(0, random(1, 4 * LEAF_BYTES)));
    sink.flush();
    write(zeros(LEAF_BYTES, 2 * LEAF_BYTES), data(3 * LEAF_BYTES, random(2, LEAF_BYTES)));
    sink.flush();
    assertDiskIsAsExpected();
  }

  @Test
  void zerosMayBeWrittenOverAgain() throws Exception {
    write(data(0, random(1, LEAF_BYTES)));
    write(zeros(0, LEAF_BYTES));
    write(data(0, random(2, LEAF_BYTES)));
    sink.flush();
    assertDiskIsAsExpected();
  }

  @Test
  void writingTheSameBatchAgainChangesNothing() throws Exception {
    Batch batch = new Batch(List.of(data(0, random(1, LEAF_BYTES)), zeros(LEAF_BYTES, LEAF_BYTES)));
    write(data(LEAF_BYTES, random(2, LEAF_BYTES)));
    expect(batch);
    sink.write(batch);
    sink.write(batch);
    sink.flush();
    sink.write(batch);
    sink.flush();
    assertDiskIsAsExpected();
  }

  @Test
  void anEmptyBatchChangesNothing() throws Exception {
    write(data(0, random(1, LEAF_BYTES)));
    write();
    sink.flush();
    assertDiskIsAsExpected();
  }

  @Test
  void theBuffersBelongToTheCallerAgainOnReturn() throws Exception {
    byte[] bytes = random(1, LEAF_BYTES + 50);
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 50, LEAF_BYTES);
    write(new Batch.Data(LEAF_BYTES, buffer));
    assertThat(buffer.position()).isEqualTo(50);
    assertThat(buffer.remaining()).isEqualTo(LEAF_BYTES);
    Arrays.fill(bytes, (byte) 9);
    sink.flush();
    assertDiskIsAsExpected();
  }

  @Test
  void takesDirectBuffersToo() throws Exception {
    ByteBuffer direct = ByteBuffer.allocateDirect(LEAF_BYTES).put(random(1, LEAF_BYTES)).flip();
    write(new Batch.Data(LEAF_BYTES, direct));
    sink.flush();
    assertDiskIsAsExpected();
  }

  @Test
  void refusesABatchBeyondTheEndAndWritesNothingOfIt() throws Exception {
    write(data(0, random(1, LEAF_BYTES)));
    Batch tooFar =
        new Batch(
            List.of(data(0, random(2, LEAF_BYTES)), data(expected.length - 10, random(3, 11))));
    assertThatIllegalArgumentException().isThrownBy(() -> sink.write(tooFar));
    Batch tooFarToo = new Batch(List.of(zeros(0, 10), zeros(expected.length - 10, 11)));
    assertThatIllegalArgumentException().isThrownBy(() -> sink.write(tooFarToo));
    sink.flush();
    assertDiskIsAsExpected();
  }

  @Test
  void refusesABatchOnceANewerHolderIsKnownAndWritesNothingOfIt() throws Exception {
    write(data(0, random(1, LEAF_BYTES)));
    sink.flush();
    raiseFence();
    Batch late = new Batch(List.of(data(0, random(2, LEAF_BYTES)), zeros(LEAF_BYTES, 10)));
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatExceptionOfType(FencedException.class)
          .isThrownBy(() -> sink.write(late))
          .withMessageContaining("FENCED");
    }
    assertDiskIsAsExpected();
  }

  @Test
  void refusesToFlushOnceANewerHolderIsKnown() throws Exception {
    write(data(0, random(1, LEAF_BYTES)));
    raiseFence();
    assertThatExceptionOfType(FencedException.class).isThrownBy(sink::flush);
  }

  @Test
  void whatWasFlushedSurvivesACrash() throws Exception {
    write(data(0, random(1, 2 * LEAF_BYTES)), zeros(3 * LEAF_BYTES, LEAF_BYTES));
    sink.flush();
    byte[] flushed = expected.clone();
    sink.write(new Batch(List.of(data(5 * LEAF_BYTES, random(2, LEAF_BYTES)))));
    crash();
    try (DiskSource disk = look()) {
      assertThat(Arrays.copyOf(readAll(disk), 5 * LEAF_BYTES))
          .isEqualTo(Arrays.copyOf(flushed, 5 * LEAF_BYTES));
    }
  }

  @Test
  void aFlushThatFailedIsNotFollowedByOneThatSucceeds() throws Exception {
    failOneFlush();
    write(data(0, random(1, LEAF_BYTES)));
    assertThatIOException().isThrownBy(sink::flush);
    assertThatIOException().isThrownBy(sink::flush);
  }

  @Test
  void saysThatThereIsNoSpace() throws Exception {
    fillUp();
    assertThatExceptionOfType(DiskFullException.class)
        .isThrownBy(
            () -> {
              sink.write(new Batch(List.of(data(0, random(1, LEAF_BYTES)))));
              sink.flush();
            });
  }

  @Test
  void tagsAreOfWhatTheDiskHolds() throws Exception {
    assertTagsAreAsExpected();
    write(data(100, random(1, 2 * LEAF_BYTES)), data(expected.length - 10, random(2, 10)));
    sink.flush();
    assertTagsAreAsExpected();
    write(data(0, random(3, LEAF_BYTES)), zeros(LEAF_BYTES, LEAF_BYTES));
    sink.flush();
    assertTagsAreAsExpected();
  }

  @Test
  void tagsShowWhatIsNotFlushedYet() throws Exception {
    write(data(0, random(1, LEAF_BYTES)));
    assertTagsAreAsExpected();
    write(zeros(0, 4096));
    assertTagsAreAsExpected();
  }

  @Test
  void tagsAreNeverOfWhatWasHandedOver() throws Exception {
    write(data(0, random(1, 3 * LEAF_BYTES)));
    sink.flush();
    damage(LEAF_BYTES + 5);
    List<ByteRange> three = List.of(new ByteRange(0, 3 * LEAF_BYTES));
    byte[] tags = sink.tags(DocumentedTags.POLY1305, TagLevel.LEAF, three);
    byte[] handedOver = DocumentedTags.of(DocumentedTags.POLY1305, TagLevel.LEAF, expected, three);
    assertThat(leaf(tags, 0)).isEqualTo(leaf(handedOver, 0));
    assertThat(leaf(tags, 1)).isNotEqualTo(leaf(handedOver, 1));
    assertThat(leaf(tags, 2)).isEqualTo(leaf(handedOver, 2));
  }

  @Test
  void tagsComeInTheOrderAsked() throws Exception {
    write(data(0, random(1, expected.length / 2)));
    assertTags(
        DocumentedTags.POLY1305,
        TagLevel.LEAF,
        List.of(
            ByteRange.between(4L * LEAF_BYTES, expected.length),
            new ByteRange(LEAF_BYTES, 2L * LEAF_BYTES)));
    assertTags(DocumentedTags.POLY1305, TagLevel.SUPER, List.of());
  }

  @Test
  void refusesTagsOfWhatIsNotUnitsOfTheDisk() {
    for (ByteRange wrong : DocumentedTags.notLeaves(expected.length)) {
      assertThatIllegalArgumentException()
          .as("%s", wrong)
          .isThrownBy(() -> sink.tags(DocumentedTags.POLY1305, TagLevel.LEAF, List.of(wrong)));
    }
    assertThatIllegalArgumentException()
        .as("leaves, but no segment")
        .isThrownBy(
            () ->
                sink.tags(
                    DocumentedTags.POLY1305,
                    TagLevel.SEGMENT,
                    List.of(new ByteRange(0, LEAF_BYTES))));
  }

  @Test
  void severalThreadsMayWriteAtOnce() throws Exception {
    List<Callable<Boolean>> writes = new ArrayList<>();
    for (int leaf = 0; leaf < 8; leaf++) {
      for (int part = 0; part < 16; part++) {
        Batch batch =
            new Batch(List.of(data(leaf * LEAF_BYTES + part * 4096, random(writes.size(), 4096))));
        expect(batch);
        writes.add(
            () -> {
              sink.write(batch);
              return true;
            });
      }
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Boolean> done : threads.invokeAll(writes)) {
        assertThat(done.get()).isTrue();
      }
    }
    sink.flush();
    assertDiskIsAsExpected();
  }

  @Test
  void storedTagsAreOfWhatAPassHasPut() throws Exception {
    Optional<StoredTags> kept = sink.storedTags();
    if (kept.isPresent()) {
      StoredTags tags = kept.get();
      assertThat(tags.standing("first")).isInstanceOf(StoredTags.Useless.class);
      store(tags);
      assertThat(tags.standing("another")).isEqualTo(new StoredTags.Current(STORED));
      assertThat(tags.leaves(0).orElseThrow())
          .isEqualTo(
              DocumentedTags.of(
                  STORED, TagLevel.LEAF, expected, List.of(new ByteRange(0, expected.length))));
    }
  }

  @Test
  void aWriteOutsideOfAPassMakesStoredTagsUseless() throws Exception {
    Optional<StoredTags> kept = sink.storedTags();
    if (kept.isPresent()) {
      store(kept.get());
      write(zeros(0, LEAF_BYTES));
      for (String pass : List.of("first", "another")) {
        assertThat(kept.get().standing(pass)).isInstanceOf(StoredTags.Useless.class);
      }
    }
  }

  @Test
  void aPassThatHasNotEndedHasTheStoredTagsForItself() throws Exception {
    Optional<StoredTags> kept = sink.storedTags();
    if (kept.isPresent()) {
      StoredTags tags = kept.get();
      store(tags);
      assertThat(tags.update("second")).isEqualTo(STORED);
      write(zeros(0, LEAF_BYTES));
      assertThat(tags.standing("second")).isEqualTo(new StoredTags.Updating(STORED));
      assertThat(tags.standing("another")).isInstanceOf(StoredTags.Useless.class);
    }
  }

  /** A pass that writes, and stores what the sink says that the disk holds then. */
  private void store(StoredTags tags) throws Exception {
    assertThat(tags.make("first", STORED)).isEqualTo(STORED);
    write(data(LEAF_BYTES, random(1, 3 * LEAF_BYTES)));
    sink.flush();
    List<ByteRange> all = List.of(new ByteRange(0, expected.length));
    tags.put(0, sink.tags(STORED, TagLevel.LEAF, all));
    tags.finish();
  }

  @Test
  void zerosThatAreGivenBackStayZerosAndNothingElseChanges() throws Exception {
    write(data(0, random(1, LEAF_BYTES)));
    write(data(LEAF_BYTES, new byte[2 * LEAF_BYTES]), data(3 * LEAF_BYTES, random(2, LEAF_BYTES)));
    sink.giveBack(new ByteRange(LEAF_BYTES, 2 * LEAF_BYTES));
    sink.giveBack(new ByteRange(LEAF_BYTES, LEAF_BYTES));
    sink.flush();
    assertDiskIsAsExpected();
    write(data(2 * LEAF_BYTES, random(3, LEAF_BYTES)));
    sink.flush();
    assertDiskIsAsExpected();
  }

  @Test
  void closingAgainDoesNothing() throws IOException {
    sink.close();
    assertThatNoException().isThrownBy(sink::close);
  }

  private void write(Batch.Piece... pieces) throws IOException {
    Batch batch = new Batch(List.of(pieces));
    expect(batch);
    sink.write(batch);
  }

  private void expect(Batch batch) {
    for (Batch.Piece piece : batch.pieces()) {
      int offset = (int) piece.range().offsetBytes();
      int length = (int) piece.range().lengthBytes();
      switch (piece) {
        case Batch.Data data -> data.bytes().duplicate().get(expected, offset, length);
        case Batch.Zeros _ -> Arrays.fill(expected, offset, offset + length, (byte) 0);
      }
    }
  }

  private void assertDiskIsAsExpected() throws Exception {
    try (DiskSource disk = look()) {
      assertSameBytes(readAll(disk), expected);
    }
  }

  private void assertTagsAreAsExpected() throws Exception {
    List<ByteRange> all = List.of(new ByteRange(0, expected.length));
    for (TagLevel level : TagLevel.values()) {
      assertTags(DocumentedTags.POLY1305, level, all);
      assertTags(DocumentedTags.GMAC, level, all);
    }
  }

  private void assertTags(TagKey key, TagLevel level, List<ByteRange> ranges) throws Exception {
    assertThat(sink.tags(key, level, ranges))
        .as("%s of %s", level, ranges)
        .isEqualTo(DocumentedTags.of(key, level, expected, ranges));
  }

  private static Batch.Data data(long offsetBytes, byte[] bytes) {
    return new Batch.Data(offsetBytes, ByteBuffer.wrap(bytes));
  }

  private static Batch.Zeros zeros(long offsetBytes, long lengthBytes) {
    return new Batch.Zeros(new ByteRange(offsetBytes, lengthBytes));
  }
}
