package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.TestBytes.assertSameBytes;
import static io.switchback.delta.TestBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TransferTest {
  private static final int SIZE = 2 * Geometry.SUPER_BYTES + 5 * LEAF_BYTES + 4096;
  private static final int LAST_LEAF = SIZE / LEAF_BYTES;
  private static final ChangedAreas UNKNOWN = new ChangedAreas.Unknown("first replication");

  private static final byte[] OLD = random(99, SIZE + LEAF_BYTES);

  private final byte[] content = new byte[SIZE];
  private MemoryDisk target = new MemoryDisk(Arrays.copyOf(OLD, SIZE));

  TransferTest() {
    put(0, random(1, 3 * LEAF_BYTES));
    put(5 * LEAF_BYTES + 17, random(2, 1));
    put(Geometry.SUPER_BYTES - 100, random(3, 6 * 1024 * 1024));
    put(SIZE - 10, random(4, 10));
  }

  @Test
  void aFullCopyMakesTheSinkHoldWhatTheSourceHolds() throws Exception {
    TransferResult result = run(UNKNOWN, target.sink());
    assertSameBytes(target.bytes(), content);
    assertThat(result.rung()).isEqualTo(Rung.FULL_COPY);
    assertThat(result.reason()).isEqualTo("first replication");
    assertThat(result.coveredBytes()).isEqualTo(SIZE);
    assertThat(result.proof().kind()).isEqualTo(Proof.Kind.FULL_ROOT);
  }

  @Test
  void zerosAndHolesAreNeverSent() throws Exception {
    TransferResult result = run(UNKNOWN, target.sink());
    long leavesWithData = 3 + 1 + 1 + 96 + 1;
    assertThat(result.sentBytes()).isEqualTo((leavesWithData - 1) * LEAF_BYTES + 4096);
    assertThat(result.readBytes()).isLessThan(SIZE / 2);
  }

  @Test
  void onlyTheLeavesOfTheChangeListTravel() throws Exception {
    target = differingIn(1, 255, 256, LAST_LEAF);
    ChangedAreas list =
        new ChangedAreas.Listed(
            List.of(
                ByteRange.between(Geometry.SUPER_BYTES - 1, Geometry.SUPER_BYTES + 1),
                new ByteRange(LEAF_BYTES + 5, 10),
                new ByteRange(LEAF_BYTES + 3, 5),
                new ByteRange(SIZE - 1, 1)));
    TransferResult result = run(list, target.sink());

    assertSameBytes(target.bytes(), content);
    assertThat(result.rung()).isEqualTo(Rung.CHANGE_LIST);
    assertThat(result.coveredBytes()).isEqualTo(3L * LEAF_BYTES + 4096);
    assertThat(result.auditedLeaves()).as("all others").isEqualTo(LAST_LEAF + 1 - 4);
    assertThat(result.proof().kind()).isEqualTo(Proof.Kind.LIST_ROOT);
    assertThat(result.proof().comparedBytes()).isEqualTo(result.coveredBytes());
  }

  @Test
  void anEmptyChangeListTouchesNothing() throws Exception {
    target = new MemoryDisk(content);
    TransferResult result = run(new ChangedAreas.Listed(List.of()), target.sink());
    assertSameBytes(target.bytes(), content);
    assertThat(result.sentBytes()).isZero();
    assertThat(result.proof().comparedBytes()).isZero();
  }

  @Test
  void aChangeListThatDoesNotFitTheDiskIsNotBelieved() throws Exception {
    TransferResult result =
        run(new ChangedAreas.Listed(List.of(new ByteRange(SIZE, 1))), target.sink());
    assertSameBytes(target.bytes(), content);
    assertThat(result.rung()).isEqualTo(Rung.FULL_COMPARISON);
    assertThat(result.reason()).contains("beyond the end");
  }

  @Test
  void whatEitherSideListsTravels() throws Exception {
    target = differingIn(1, 257);
    TransferResult result =
        run(
            new ChangedAreas.Listed(
                List.of(new ByteRange(LEAF_BYTES, 1)),
                Optional.of(
                    List.of(new ByteRange(257L * LEAF_BYTES, 1), new ByteRange(LEAF_BYTES, 9)))),
            target.sink());
    assertSameBytes(target.bytes(), content);
    assertThat(result.rung()).isEqualTo(Rung.CHANGE_LIST);
    assertThat(result.reason()).isEqualTo("what changed is known from both sides' lists");
    assertThat(result.coveredBytes()).isEqualTo(2L * LEAF_BYTES);
    assertThat(run(new ChangedAreas.Listed(List.of()), target.sink()).reason())
        .isEqualTo("what changed is known from the source's list");
  }

  @Test
  void aChangeListOfTheWholeDiskTellsNothing() throws Exception {
    target = differingIn(1);
    List<ByteRange> all = List.of(new ByteRange(9, SIZE - 9), new ByteRange(0, 10));
    TransferResult ours = run(new ChangedAreas.Listed(all), target.sink());
    assertThat(ours.rung()).isEqualTo(Rung.FULL_COMPARISON);
    assertThat(ours.reason()).isEqualTo("the source's change list names the whole disk");
    assertThat(ours.coveredBytes()).isEqualTo(LEAF_BYTES);
    TransferResult theirs =
        run(new ChangedAreas.Listed(List.of(), Optional.of(all)), target.sink());
    assertThat(theirs.rung()).isEqualTo(Rung.FULL_COMPARISON);
    assertThat(theirs.reason()).isEqualTo("the sink's change list names the whole disk");
  }

  @Test
  void aChangeListThatLacksSomethingIsNotBelieved() throws Exception {
    target = differingIn(1, 257);
    TransferResult result =
        run(new ChangedAreas.Listed(List.of(new ByteRange(LEAF_BYTES, 1))), target.sink());
    assertSameBytes(target.bytes(), content);
    assertThat(result.rung()).isEqualTo(Rung.FULL_COMPARISON);
    assertThat(result.reason())
        .isEqualTo(
            "the change list lacks %s, which differs"
                .formatted(new ByteRange(257L * LEAF_BYTES, LEAF_BYTES)));
    assertThat(result.coveredBytes()).as("what differs").isEqualTo(2L * LEAF_BYTES);
  }

  @Test
  void aComparisonSendsOnlyWhatDiffersAndProvesAll() throws Exception {
    target = differingIn(0, 3, LAST_LEAF);
    TransferResult result =
        run(new ChangedAreas.Compared("change tracking was reset"), target.sink());
    assertSameBytes(target.bytes(), content);
    assertThat(result.rung()).isEqualTo(Rung.FULL_COMPARISON);
    assertThat(result.sentBytes()).as("leaf 3 is zeros").isEqualTo(LEAF_BYTES + 4096L);
    TagKey key = result.proof().key();
    assertThat(result.proof())
        .isEqualTo(new Proof(Proof.Kind.FULL_ROOT, key, documentedRoot(key, content), SIZE));
  }

  @Test
  void theSourceIsAskedForLeavesOnlyWhereASegmentDiffers() throws Exception {
    target = differingIn(1, 40);
    List<ByteRange> asked = new ArrayList<>();
    DiskSource source =
        new MemoryDisk.Source(content) {
          @Override
          public synchronized byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges)
              throws IOException {
            if (level == TagLevel.LEAF) {
              asked.addAll(ranges);
            }
            return super.tags(key, level, ranges);
          }
        };
    new Transfer(
            source, target.sink(), new ChangedAreas.Compared("nobody knows"), TransferObserver.NONE)
        .run();
    assertThat(asked).containsExactly(new ByteRange(0, 1 << 20), new ByteRange(2 << 20, 1 << 20));
    assertSameBytes(target.bytes(), content);
  }

  @Test
  void tagsOfTwoReadingsAreNotTakenForThoseOfOne() throws Exception {
    target = differingIn(1);
    byte[] later = content.clone();
    later[2 * LEAF_BYTES] ^= 1;
    DiskSource source =
        new MemoryDisk.Source(content) {
          @Override
          public synchronized byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges)
              throws IOException {
            return level == TagLevel.LEAF
                ? new MemoryDisk.Source(later).tags(key, level, ranges)
                : super.tags(key, level, ranges);
          }
        };
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                new Transfer(
                        source,
                        target.sink(),
                        new ChangedAreas.Compared("nobody knows"),
                        TransferObserver.NONE)
                    .run())
        .withMessageContaining("contradict each other");
  }

  @Test
  void aComparisonOfEqualDisksWritesNothing() throws Exception {
    target = new MemoryDisk(content);
    target.fillUp();
    TransferResult result = run(new ChangedAreas.Compared("nobody knows"), target.sink());
    assertThat(result.coveredBytes()).isZero();
    assertThat(result.proof().root()).isEqualTo(documentedRoot(result.proof().key(), content));
  }

  @Test
  void theRootOfAListIsOverItsLeaves() throws Exception {
    target = differingIn(1, 3, 256);
    Proof proof =
        run(
                new ChangedAreas.Listed(
                    List.of(
                        new ByteRange(LEAF_BYTES, 1),
                        new ByteRange(3L * LEAF_BYTES, 1),
                        new ByteRange(Geometry.SUPER_BYTES, 1))),
                target.sink())
            .proof();
    MessageDigest root = MessageDigest.getInstance("SHA-256");
    root.update(ByteBuffer.allocate(8).putLong(0).array());
    root.update(documentedLeaves(proof.key(), 1, 3));
    root.update(ByteBuffer.allocate(8).putLong(1).array());
    root.update(documentedLeaves(proof.key(), 256));
    assertThat(proof.root()).isEqualTo(HexFormat.of().formatHex(root.digest()));
  }

  private byte[] documentedLeaves(TagKey key, int... leaves) throws Exception {
    MessageDigest some = MessageDigest.getInstance("SHA-256");
    for (int leaf : leaves) {
      some.update(ByteBuffer.allocate(8).putLong(leaf).array());
      ByteRange range = new ByteRange((long) leaf * LEAF_BYTES, LEAF_BYTES);
      some.update(DocumentedTags.of(key, TagLevel.LEAF, content, List.of(range)));
    }
    return some.digest();
  }

  @Test
  void theRecordedKeyAndTheSameBytesMakeTheSameRoot() throws Exception {
    Proof proof = run(UNKNOWN, target.sink()).proof();
    TagKey recorded = TagKey.parse(proof.key().text());
    assertThat(proof.root()).isEqualTo(documentedRoot(recorded, content));
    assertThat(documentedRoot(recorded, target.bytes())).isEqualTo(proof.root());
  }

  @Test
  void everyPassHasAKeyThatNobodyCouldKnow() throws Exception {
    TransferResult first = run(UNKNOWN, target.sink());
    TransferResult second = run(UNKNOWN, target.sink());
    assertThat(second.proof().key()).isNotEqualTo(first.proof().key());
    assertThat(first.proof().toString()).doesNotContain(first.proof().key().text());
    assertSameBytes(target.bytes(), content);
  }

  @Test
  void whatIsSentIsFlushedBeforeItIsProven() throws Exception {
    List<String> calls = new ArrayList<>();
    run(
        UNKNOWN,
        target.new Sink() {
          @Override
          public synchronized void write(Batch batch) throws IOException {
            super.write(batch);
            calls.add("write");
          }

          @Override
          public synchronized void flush() throws IOException {
            super.flush();
            calls.add("flush");
          }

          @Override
          public synchronized byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges)
              throws IOException {
            calls.add("tag");
            return super.tags(key, level, ranges);
          }
        });
    assertThat(calls).contains("write", "flush", "tag");
    assertThat(calls.lastIndexOf("write")).isLessThan(calls.lastIndexOf("flush"));
    assertThat(calls.lastIndexOf("flush")).isLessThan(calls.lastIndexOf("tag"));
  }

  @Test
  void aWriteThatTheSinkLostFailsTheProof() {
    DiskSink forgetful =
        target.new Sink() {
          @Override
          void apply(Batch.Piece piece) {
            if (piece.range().intersection(new ByteRange(LEAF_BYTES, 1)).isEmpty()) {
              super.apply(piece);
            }
          }
        };
    assertThatExceptionOfType(ProofMismatchException.class)
        .isThrownBy(() -> run(UNKNOWN, forgetful))
        .satisfies(
            mismatch ->
                assertThat(mismatch.firstMismatch()).isEqualTo(new ByteRange(0, LEAF_BYTES)));
  }

  @Test
  void aBitThatTurnedOverInTheSinkFailsTheProof() {
    DiskSink rotten =
        target.new Sink() {
          @Override
          public void flush() throws IOException {
            super.flush();
            target.damage(Geometry.SUPER_BYTES + 2 * LEAF_BYTES + 7);
          }
        };
    ByteRange damaged = new ByteRange(Geometry.SUPER_BYTES + 2 * LEAF_BYTES, LEAF_BYTES);
    assertThatExceptionOfType(ProofMismatchException.class)
        .isThrownBy(() -> run(UNKNOWN, rotten))
        .satisfies(mismatch -> assertThat(mismatch.firstMismatch()).isEqualTo(damaged))
        .withMessageContaining(damaged.toString());
  }

  @Test
  void disksOfDifferentSizesAreRefusedBeforeAnythingIsWritten() {
    target = new MemoryDisk(OLD);
    byte[] before = target.bytes();
    assertThatExceptionOfType(CapacityMismatchException.class)
        .isThrownBy(() -> run(UNKNOWN, target.sink()));
    assertSameBytes(target.bytes(), before);
  }

  @Test
  void aNewerHolderEndsTheTransferAndNothingIsWrittenAfterwards() {
    AtomicInteger batches = new AtomicInteger();
    List<byte[]> atTheFence = new ArrayList<>();
    DiskSink overtaken =
        target.new Sink() {
          @Override
          public void write(Batch batch) throws IOException {
            if (batches.incrementAndGet() == 2) {
              target.raiseFence();
              atTheFence.add(target.bytes());
            }
            super.write(batch);
          }
        };
    assertThatExceptionOfType(FencedException.class).isThrownBy(() -> run(UNKNOWN, overtaken));
    assertSameBytes(target.bytes(), atTheFence.getFirst());
  }

  @Test
  void whateverTheObserverThrowsEndsTheTransferBetweenTwoBatches() {
    CountDownLatch told = new CountDownLatch(1);
    AtomicInteger running = new AtomicInteger();
    DiskSink waiting =
        target.new Sink() {
          @Override
          public void write(Batch batch) throws IOException {
            running.incrementAndGet();
            awaitLatch(told);
            super.write(batch);
            running.decrementAndGet();
          }
        };
    IllegalStateException cancelled = new IllegalStateException("cancelled");
    TransferObserver observer =
        _ -> {
          told.countDown();
          throw cancelled;
        };
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> new Transfer(source(), waiting, UNKNOWN, observer).run())
        .isSameAs(cancelled);
    assertThat(running).hasValue(0);
  }

  @Test
  void anInterruptEndsTheTransfer() {
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> run(UNKNOWN, target.sink()));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void theObserverIsCalledOnTheCallersThreadAndSeesTheEnd() throws Exception {
    Thread caller = Thread.currentThread();
    List<TransferProgress> seen = new ArrayList<>();
    TransferObserver observer =
        progress -> {
          assertThat(Thread.currentThread()).isSameAs(caller);
          seen.add(progress);
        };
    TransferResult result = new Transfer(source(), target.sink(), UNKNOWN, observer).run();
    TransferProgress end = seen.getLast();
    assertThat(end.phase()).isEqualTo(TransferProgress.Phase.PROOF);
    assertThat(end.doneBytes()).isEqualTo(SIZE);
    assertThat(end.totalBytes()).isEqualTo(SIZE);
    assertThat(end.figures()).isEqualTo(result.figures());
    assertThat(end.outlook().percent()).isEqualTo(100);
  }

  @Test
  void aComparisonSaysWhatItComparedAndWhatItsTagsCost() throws Exception {
    target = differingIn(1, 40);
    TransferFigures figures =
        run(new ChangedAreas.Compared("nobody knows"), target.sink()).figures();
    assertThat(figures.comparedBytes()).isEqualTo(SIZE);
    int supers = 3;
    int segments = 16;
    int leaves = 2 * 16;
    assertThat(figures.digestBytes()).isEqualTo(16L * (supers + segments + leaves));
    assertThat(figures.digestRatio()).isEqualTo(figures.digestBytes() / (double) SIZE);
    assertThat(figures.travelledBytes()).as("the source is near").isZero();
    assertThat(run(UNKNOWN, target.sink()).figures().digestRatio()).isZero();
  }

  private TransferResult run(ChangedAreas changes, DiskSink sink) throws Exception {
    return new Transfer(source(), sink, changes, TransferObserver.NONE).run();
  }

  private DiskSource source() {
    return new MemoryDisk.Source(content);
  }

  /** A sink that holds the same as the source but for some leaves. */
  private MemoryDisk differingIn(int... leaves) {
    MemoryDisk disk = new MemoryDisk(content);
    for (int leaf : leaves) {
      disk.damage((long) leaf * LEAF_BYTES + 77);
    }
    return disk;
  }

  private void put(int offset, byte[] bytes) {
    System.arraycopy(bytes, 0, content, offset, bytes.length);
  }

  private static void awaitLatch(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  /** The root as the documentation defines it, with nothing of the product's code. */
  private static String documentedRoot(TagKey key, byte[] disk) throws Exception {
    MessageDigest root = MessageDigest.getInstance("SHA-256");
    for (int start = 0; start < disk.length; start += Geometry.SUPER_BYTES) {
      ByteRange whole =
          ByteRange.between(start, Math.min(start + Geometry.SUPER_BYTES, disk.length));
      root.update(ByteBuffer.allocate(8).putLong(start / Geometry.SUPER_BYTES).array());
      root.update(DocumentedTags.of(key, TagLevel.SUPER, disk, List.of(whole)));
    }
    return HexFormat.of().formatHex(root.digest());
  }
}
