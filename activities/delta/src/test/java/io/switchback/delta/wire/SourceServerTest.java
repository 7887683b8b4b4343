package io.switchback.delta.wire;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.TestBytes.assertSameBytes;
import static io.switchback.delta.TestBytes.random;
import static io.switchback.delta.TestBytes.read;
import static io.switchback.delta.TestBytes.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.ChangesUnknownException;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskTags;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.FencedException;
import io.switchback.delta.Geometry;
import io.switchback.delta.Proof;
import io.switchback.delta.ReadAhead;
import io.switchback.delta.Rung;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.TransferResult;
import io.switchback.delta.file.FileDiskSink;
import io.switchback.delta.file.FileDiskSource;
import io.switchback.delta.file.SparseFile;
import io.switchback.delta.tag.TagAlgorithm;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceServerTest {
  private static final int SIZE = 18 * 1024 * 1024 + 4096;

  @TempDir Path folder;

  private final byte[] content = new byte[SIZE];

  SourceServerTest() {
    System.arraycopy(random(1, 3 * LEAF_BYTES), 0, content, 0, 3 * LEAF_BYTES);
    System.arraycopy(random(2, 5_000_000), 0, content, 4_000_000, 5_000_000);
    System.arraycopy(random(3, 100), 0, content, SIZE - 100, 100);
  }

  @Test
  void saysWhatItServes() throws Exception {
    ArrayDisk named =
        new ArrayDisk(new byte[512]) {
          @Override
          public Optional<String> identity() {
            return Optional.of("disk 'Größe' of snapshot-1");
          }
        };
    try (Loopback loopback = Loopback.of(named);
        RemoteSource source = loopback.open(512)) {
      assertThat(source.identity()).isEqualTo(named.identity());
    }
    try (Loopback loopback = Loopback.of(new ArrayDisk(new byte[512]));
        RemoteSource source = loopback.open(512)) {
      assertThat(source.identity()).isEmpty();
    }
  }

  @Test
  void aDiskIsCopiedAndProvenOverAStream() throws Exception {
    TransferResult result = transfer(new byte[SIZE], new ChangedAreas.Unknown("first"));
    assertThat(result.proof().kind()).isEqualTo(Proof.Kind.FULL_ROOT);
    assertThat(result.readBytes()).isLessThan(SIZE / 2);
    assertThat(result.figures().aheadBytes())
        .isBetween((long) ReadAhead.LEAST_BYTES, (long) Loopback.SETTINGS.creditBytes());
  }

  @Test
  void onlyWhatDiffersTravels() throws Exception {
    byte[] replica = content.clone();
    replica[70 * LEAF_BYTES + 5] ^= 1;
    replica[200 * LEAF_BYTES] ^= 1;
    try (Loopback loopback = Loopback.of(new ArrayDisk(content));
        RemoteSource source = loopback.open(SIZE);
        FileDiskSink sink = sink(replica)) {
      long greeting = source.counts().sentBytes() + source.counts().receivedBytes();
      TransferResult result = run(source, sink, new ChangedAreas.Compared("nobody knows"));
      assertThat(result.sentBytes()).as("one of the two is zeros").isEqualTo(LEAF_BYTES);
      assertThat(source.counts().dataBytes()).isEqualTo(2L * LEAF_BYTES);
      assertThat(result.figures().travelledBytes())
          .as("all but the greeting")
          .isEqualTo(source.counts().sentBytes() + source.counts().receivedBytes() - greeting);
      assertThat(source.counts().receivedBytes()).isLessThan(2L * LEAF_BYTES);
    }
    assertHoldsTheContent();
  }

  @Test
  void equalDisksCostSixteenBytesASuperAndLittleMore() throws Exception {
    long capacity = 64L << 30;
    assertThat(bytesOfComparison(capacity, Optional.empty()) * ((1L << 40) / capacity))
        .as("bytes per TiB")
        .isLessThan((long) (1.1 * 1024 * 1024));
  }

  @Test
  void aJournalCostsNoBytesOfALargeDiskAndFewOfASmallOne() throws Exception {
    assertThat(bytesOfComparison(1L << 40, Optional.of("large")))
        .as("bytes of a TiB")
        .isLessThan((long) (1.1 * 1024 * 1024));
    long supers = 1024;
    assertThat(bytesOfComparison(supers * Geometry.SUPER_BYTES, Optional.of("small")))
        .isLessThan(supers * 16 + 32 * 1024);
  }

  /** What travels to find out that two empty disks are equal. */
  private long bytesOfComparison(long capacity, Optional<String> state) throws Exception {
    Path empty = folder.resolve("empty.img" + capacity);
    SparseFile.create(empty, capacity);
    Path replica = folder.resolve("replica.img" + capacity);
    SparseFile.create(replica, capacity);
    try (Loopback loopback = Loopback.of(new FileDiskSource(empty));
        RemoteSource source = loopback.open(capacity);
        FileDiskSink sink =
            state.isPresent()
                ? new FileDiskSink(
                    replica, FenceCheck.UNFENCED, folder.resolve(state.get()), "production")
                : new FileDiskSink(replica, FenceCheck.UNFENCED)) {
      TransferResult result = run(source, sink, new ChangedAreas.Compared("nobody knows"));
      assertThat(result.rung()).isEqualTo(Rung.FULL_COMPARISON);
      assertThat(result.sentBytes()).isZero();
      assertThat(result.readBytes()).as("holes are not read").isZero();
      WireCounts.Snapshot counts = source.counts();
      return counts.sentBytes() + counts.receivedBytes();
    }
  }

  @Test
  void aLongListOfChangesTravelsWhole() throws Exception {
    List<ByteRange> changes = new ArrayList<>();
    for (long at = 0; at < 9000; at++) {
      changes.add(new ByteRange(at * 1024, 512));
    }
    ArrayDisk disk = new ArrayDisk(content);
    disk.changed("set/7", changes);
    try (Loopback loopback = Loopback.of(disk);
        RemoteSource source = loopback.open(SIZE)) {
      assertThat(source.changedSince("set/7", new ByteRange(0, SIZE))).isEqualTo(changes);
      assertThat(source.changedSince("set/7", new ByteRange(1024, 2048)))
          .isEqualTo(changes.subList(1, 3));
      assertThatThrownBy(() -> source.changedSince("set/8", new ByteRange(0, SIZE)))
          .isInstanceOf(ChangesUnknownException.class)
          .hasMessage("'set/8' is not known");
    }
  }

  @Test
  void whatCanBePackedTravelsPackedAndTheRestAsItIs() throws Exception {
    byte[] half = new byte[64 * LEAF_BYTES];
    int noise = 24 * LEAF_BYTES;
    System.arraycopy(random(1, noise), 0, half, 0, noise);
    Arrays.fill(half, noise, half.length, (byte) 'a');
    try (Loopback loopback = Loopback.of(new ArrayDisk(half));
        RemoteSource source = loopback.open(half.length)) {
      assertSameBytes(readAll(source), half);
      assertThat(source.counts().packedBytes()).isBetween((long) noise, noise + 32L * 1024);
      assertThat(loopback.server().counts().packedBytes()).isEqualTo(source.counts().packedBytes());
      assertThat(loopback.server().counts().sentBytes()).isEqualTo(source.counts().receivedBytes());
    }
  }

  @Test
  void whatIsExpectedIsAskedForBeforeItIsRead() throws Exception {
    List<ByteRange> parts = new ArrayList<>();
    for (int at = 0; at < 40; at++) {
      parts.add(new ByteRange(at * 256L * 1024, 256 * 1024));
    }
    try (Loopback loopback = Loopback.of(new ArrayDisk(content));
        RemoteSource source = loopback.open(SIZE)) {
      source.expect(parts);
      source.expect(parts);
      for (ByteRange part : parts) {
        assertSameBytes(
            read(source, part.offsetBytes(), (int) part.lengthBytes()),
            Arrays.copyOfRange(content, (int) part.offsetBytes(), (int) part.endBytes()));
      }
      assertThat(source.counts().dataBytes()).as("each once").isEqualTo(40L * 256 * 1024);
    }
  }

  @Test
  void noMoreIsAskedForAheadThanTheReadAheadAllows() throws Exception {
    List<ByteRange> parts = new ArrayList<>();
    for (int at = 0; at < 4 * 18; at++) {
      parts.add(new ByteRange(at * 256L * 1024, 256 * 1024));
    }
    try (Loopback loopback = Loopback.of(new ArrayDisk(content));
        RemoteSource source = loopback.open(SIZE)) {
      for (int round = 0; round < 20; round++) {
        for (int at = 0; at < parts.size(); at++) {
          source.expect(parts.subList(at, parts.size()));
          ByteRange part = parts.get(at);
          read(source, part.offsetBytes(), (int) part.lengthBytes());
        }
      }
      assertThat(source.counts().dataBytes()).as("each once").isEqualTo(20L * 18 * (1 << 20));
      assertThat(source.aheadBytes())
          .isBetween((long) ReadAhead.LEAST_BYTES, (long) Loopback.SETTINGS.creditBytes());
    }
  }

  @Test
  void aDiskOfAnotherSizeIsRefused() throws Exception {
    assertRefused(
        Loopback.of(new ArrayDisk(content)),
        SIZE - 4096,
        WireFault.CAPACITY_DIFFERS,
        Integer.toString(SIZE));
  }

  @Test
  void aDiskThatIsNotThereIsRefused() throws Exception {
    ServedDisks none =
        disk -> {
          throw new RefusedException(WireFault.NO_SUCH_DISK, "There is no %s.".formatted(disk));
        };
    assertRefused(
        new Loopback(_ -> FenceCheck.UNFENCED, none), SIZE, WireFault.NO_SUCH_DISK, "disk-0");
  }

  @Test
  void whoeverTheGateTurnsAwayDoesNotEvenLearnWhetherTheDiskIsThere() throws Exception {
    AtomicBoolean isOpened = new AtomicBoolean();
    Gate shut =
        opening -> {
          assertThat(opening.grant()).containsExactly(1, 2, 3);
          assertThat(opening.disk()).isEqualTo(Loopback.DISK);
          throw new RefusedException(WireFault.GRANT_REFUSED, "The grant is for another disk.");
        };
    assertRefused(
        new Loopback(
            shut,
            _ -> {
              isOpened.set(true);
              return new ArrayDisk(content);
            }),
        SIZE,
        WireFault.GRANT_REFUSED,
        "another disk");
    assertThat(isOpened).isFalse();
  }

  @Test
  void aPeerOfAnotherVersionIsToldSo() throws Exception {
    try (Loopback loopback = Loopback.of(new ArrayDisk(content));
        Socket socket = loopback.dial()) {
      DialledStream stream = new DialledStream(socket, Loopback.SETTINGS);
      Hello other = new Hello(2, Loopback.DISK, new byte[0], new ByteRange(0, SIZE));
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> stream.greet(other))
          .withMessageContainingAll("version 2", "speaks 1", "same release")
          .satisfies(refused -> assertThat(refused.fault()).isEqualTo(WireFault.OTHER_PROTOCOL));
    }
  }

  @Test
  void everyTagIsMadeWithTheKeyThatItWasAskedFor() throws Exception {
    List<ByteRange> one = List.of(new ByteRange(0, LEAF_BYTES));
    ArrayDisk disk = new ArrayDisk(content);
    try (Loopback loopback = Loopback.of(disk);
        RemoteSource source = loopback.open(SIZE);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> askers = new ArrayList<>();
      for (TagAlgorithm algorithm : TagAlgorithm.values()) {
        TagKey key = TagKey.random(algorithm);
        byte[] expected = DiskTags.of(disk, key, TagLevel.LEAF, one);
        askers.add(
            threads.submit(
                () -> {
                  for (int again = 0; again < 200; again++) {
                    assertThat(source.tags(key, TagLevel.LEAF, one)).isEqualTo(expected);
                  }
                  return null;
                }));
      }
      for (Future<?> asker : askers) {
        asker.get();
      }
    }
  }

  @Test
  void aKeyIsToldOnceAndNotWithEachQuestion() throws Exception {
    TagKey key = TagKey.random(TagAlgorithm.POLY1305);
    List<ByteRange> one = List.of(new ByteRange(0, LEAF_BYTES));
    try (Loopback loopback = Loopback.of(new ArrayDisk(content));
        RemoteSource source = loopback.open(SIZE)) {
      var _ = source.tags(key, TagLevel.LEAF, one);
      long before = source.counts().sentBytes();
      var _ = source.tags(key, TagLevel.LEAF, one);
      assertThat(source.counts().sentBytes() - before)
          .as("head, level, range")
          .isEqualTo(FrameReader.HEAD_BYTES + 1 + 16);
    }
  }

  @Test
  void tagsWithoutAKeyAreRefused() throws Exception {
    try (Loopback loopback = Loopback.of(new ArrayDisk(content));
        Socket socket = loopback.dial()) {
      DialledStream stream = new DialledStream(socket, Loopback.SETTINGS);
      var _ = stream.greet(new Hello(1, Loopback.DISK, new byte[0], new ByteRange(0, SIZE)));
      Requests.Tags tags = new Requests.Tags(TagLevel.LEAF, List.of(new ByteRange(0, LEAF_BYTES)));
      DialledStream.Answer answer =
          stream.ask(
              FrameKind.TAGS, Requests.tags(tags), FrameKind.TAGS_ANSWER, tags.answerBytes());
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> stream.await(answer))
          .withMessageContaining("before their key")
          .satisfies(refused -> assertThat(refused.fault()).isEqualTo(WireFault.BAD_REQUEST));
    }
  }

  @Test
  void aNewerTransferEndsAnOpenStreamAtItsNextQuestion() throws Exception {
    AtomicBoolean isFenced = new AtomicBoolean();
    Gate gate =
        _ ->
            () -> {
              if (isFenced.get()) {
                throw new FencedException("a newer transfer was let in.");
              }
            };
    try (Loopback loopback = new Loopback(gate, _ -> new ArrayDisk(content));
        RemoteSource source = loopback.open(SIZE)) {
      read(source, 0, 100);
      isFenced.set(true);
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> read(source, 0, 100))
          .satisfies(refused -> assertThat(refused.fault()).isEqualTo(WireFault.FENCED));
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(
              () ->
                  source.tags(
                      TagKey.random(TagAlgorithm.GMAC),
                      TagLevel.SUPER,
                      List.of(new ByteRange(0, SIZE))));
    }
  }

  @Test
  void plainStreamsAreTakenOnlyWhereThatIsSaid() throws Exception {
    try (Loopback loopback = Loopback.of(new ArrayDisk(content))) {
      assertThatIOException()
          .isThrownBy(
              () ->
                  RemoteSource.open(
                      loopback.dial(), Loopback.DISK, new byte[0], SIZE, WireSettings.standard()))
          .withMessageContaining("not protected by TLS");
    }
  }

  @Test
  void aDiskThatCannotBeReadIsSaidToBeSoAndTheStreamGoesOn() throws Exception {
    DiskSource damaged =
        new ArrayDisk(content) {
          @Override
          public void read(long offsetBytes, ByteBuffer into) throws IOException {
            if (offsetBytes == 0) {
              throw new IOException("sector 0 cannot be read.");
            }
            super.read(offsetBytes, into);
          }
        };
    try (Loopback loopback = Loopback.of(damaged);
        RemoteSource source = loopback.open(SIZE)) {
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> read(source, 0, 100))
          .withMessageContaining("sector 0")
          .satisfies(refused -> assertThat(refused.fault()).isEqualTo(WireFault.READ_FAILED));
      assertSameBytes(read(source, 100, 100), Arrays.copyOfRange(content, 100, 200));
    }
  }

  @Test
  void aStreamThatIsCutEndsEveryCall() throws Exception {
    Loopback loopback = Loopback.of(new ArrayDisk(content));
    try (RemoteSource source = loopback.open(SIZE)) {
      read(source, 0, 100);
      loopback.close();
      assertThatIOException().isThrownBy(() -> read(source, 0, 100));
      assertThatIOException().isThrownBy(() -> source.allocated(new ByteRange(0, SIZE)));
    }
  }

  private static void assertRefused(
      Loopback loopback, long capacityBytes, WireFault fault, String words) throws IOException {
    try (loopback) {
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> loopback.open(capacityBytes))
          .withMessageContaining(words)
          .satisfies(refused -> assertThat(refused.fault()).isEqualTo(fault));
    }
  }

  private TransferResult transfer(byte[] replica, ChangedAreas changes) throws Exception {
    try (Loopback loopback = Loopback.of(new ArrayDisk(content));
        RemoteSource source = loopback.open(SIZE);
        FileDiskSink sink = sink(replica)) {
      TransferResult result = run(source, sink, changes);
      assertHoldsTheContent();
      return result;
    }
  }

  private static TransferResult run(RemoteSource source, FileDiskSink sink, ChangedAreas changes)
      throws Exception {
    return new Transfer(source, sink, changes, TransferObserver.NONE).run();
  }

  private FileDiskSink sink(byte[] replica) throws IOException {
    Path image = folder.resolve("sink.img");
    SparseFile.create(image, replica.length);
    try (SparseFile file = SparseFile.openForWriting(image)) {
      file.write(0, ByteBuffer.wrap(replica));
    }
    return new FileDiskSink(image, FenceCheck.UNFENCED);
  }

  private void assertHoldsTheContent() throws IOException {
    try (FileDiskSource look = new FileDiskSource(folder.resolve("sink.img"))) {
      assertSameBytes(readAll(look), content);
    }
  }
}
