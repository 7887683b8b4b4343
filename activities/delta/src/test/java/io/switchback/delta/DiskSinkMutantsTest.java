package io.switchback.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sinks that break one promise each. The contract suite has to see it, at that promise. */
class DiskSinkMutantsTest {
  private static Function<MemoryDisk, DiskSink> mutation = MemoryDisk::sink;

  @Test
  void aSinkThatKeepsItsPromisesPasses() {
    mutation = MemoryDisk::sink;
    ContractRun run = ContractRun.of(Suite.class);
    assertThat(run.broken()).isEmpty();
    assertThat(run.kept()).hasSizeGreaterThan(15);
  }

  @ParameterizedTest
  @EnumSource
  void theSuiteSeesABrokenPromise(Mutant mutant) {
    mutation = mutant.making;
    assertThat(ContractRun.of(Suite.class).broken()).contains(mutant.promise);
  }

  @Test
  void everyPromiseHasItsMutant() {
    mutation = MemoryDisk::sink;
    Set<String> mutated = new HashSet<>();
    for (Mutant mutant : Mutant.values()) {
      mutated.add(mutant.promise);
    }
    assertThat(ContractRun.of(Suite.class).kept()).isSubsetOf(mutated);
  }

  static final class Suite extends DiskSinkContract {
    private MemoryDisk disk;

    @Override
    protected DiskSink open(int capacityBytes) {
      disk = new MemoryDisk(new byte[capacityBytes]).keepingTags();
      return mutation.apply(disk);
    }

    @Override
    protected DiskSource look() {
      return disk.source();
    }

    @Override
    protected void raiseFence() {
      disk.raiseFence();
    }

    @Override
    protected void damage(long offsetBytes) {
      disk.damage(offsetBytes);
    }

    @Override
    protected void crash() {
      disk.crash();
    }

    @Override
    protected void fillUp() {
      disk.fillUp();
    }

    @Override
    protected void failOneFlush() {
      disk.failOneFlush();
    }
  }

  enum Mutant {
    SIZE_ROUNDED_TO_LEAVES("saysTheSizeOfTheDisk", SizeRounded::new),
    EFFECT_LOST("theDiskHoldsWhatTheBatchSays", EffectLost::new),
    ONLY_THE_FIRST_PIECE("theDiskHoldsWhatTheBatchSays", OnlyTheFirstPiece::new),
    ANSWER_LOST("theDiskHoldsWhatTheBatchSays", AnswerLost::new),
    FIRST_WRITE_WINS("laterBatchesWin", FirstWriteWins::new),
    WHOLE_LEAVES_ONLY("bytesOutsideTheBatchStayAsTheyAre", WholeLeavesOnly::new),
    ZEROS_IGNORED("zerosReadAsZeros", ZerosIgnored::new),
    HOLES_STAY_HOLES("zerosMayBeWrittenOverAgain", HolesStayHoles::new),
    EFFECT_TWICE("writingTheSameBatchAgainChangesNothing", EffectTwice::new),
    NEEDS_A_PIECE("anEmptyBatchChangesNothing", NeedsAPiece::new),
    KEEPS_BUFFERS("theBuffersBelongToTheCallerAgainOnReturn", KeepsBuffers::new),
    ARRAYS_ONLY("takesDirectBuffersToo", ArraysOnly::new),
    CLIPS_AT_THE_END("refusesABatchBeyondTheEndAndWritesNothingOfIt", ClipsAtTheEnd::new),
    WRITES_UNTIL_THE_END("refusesABatchBeyondTheEndAndWritesNothingOfIt", WritesUntilTheEnd::new),
    UNFENCED("refusesABatchOnceANewerHolderIsKnownAndWritesNothingOfIt", Unfenced::new),
    FENCED_TOO_LATE("refusesABatchOnceANewerHolderIsKnownAndWritesNothingOfIt", FencedTooLate::new),
    FLUSHES_UNFENCED("refusesToFlushOnceANewerHolderIsKnown", FlushesUnfenced::new),
    FLUSH_LOST("whatWasFlushedSurvivesACrash", FlushLost::new),
    FAILED_FLUSH_FORGOTTEN(
        "aFlushThatFailedIsNotFollowedByOneThatSucceeds", FailedFlushForgotten::new),
    FULL_DISK_IGNORED("saysThatThereIsNoSpace", FullDiskIgnored::new),
    LAST_LEAF_PADDED("tagsAreOfWhatTheDiskHolds", LastLeafPadded::new),
    TAGS_OF_WHAT_IS_FLUSHED("tagsShowWhatIsNotFlushedYet", TagsOfWhatIsFlushed::new),
    STALE_TAGS("tagsAreNeverOfWhatWasHandedOver", StaleTags::new),
    TAGS_SORTED("tagsComeInTheOrderAsked", TagsSorted::new),
    TAGS_OF_ANY_RANGE("refusesTagsOfWhatIsNotUnitsOfTheDisk", TagsOfAnyRange::new),
    ONE_KEY_FOR_ALL("tagsAreOfWhatTheDiskHolds", OneKeyForAll::new),
    STORED_TAGS_LOST("storedTagsAreOfWhatAPassHasPut", StoredTagsLost::new),
    WRITES_PAST_STORED_TAGS(
        "aWriteOutsideOfAPassMakesStoredTagsUseless", WritesPastStoredTags::new),
    PASSES_SHARE_STORED_TAGS(
        "aPassThatHasNotEndedHasTheStoredTagsForItself", PassesShareStoredTags::new),
    GIVES_TOO_MUCH_BACK(
        "zerosThatAreGivenBackStayZerosAndNothingElseChanges", GivesTooMuchBack::new),
    BOUND_TO_A_THREAD("severalThreadsMayWriteAtOnce", BoundToAThread::new),
    CLOSES_ONLY_ONCE("closingAgainDoesNothing", ClosesOnlyOnce::new);

    final String promise;

    @SuppressWarnings("ImmutableEnumChecker") // Every one is a constructor.
    final Function<MemoryDisk, DiskSink> making;

    Mutant(String promise, Function<MemoryDisk, DiskSink> making) {
      this.promise = promise;
      this.making = making;
    }
  }

  /** What every mutant does right: everything, until it overrides a method. */
  private abstract static class Mutated extends ForwardingSink {
    final MemoryDisk disk;
    final DiskSink correct;

    Mutated(MemoryDisk disk) {
      this(disk, disk.sink());
    }

    private Mutated(MemoryDisk disk, DiskSink correct) {
      super(correct);
      this.disk = disk;
      this.correct = correct;
    }

    @Override
    public Optional<StoredTags> storedTags() {
      return correct.storedTags();
    }

    @Override
    public void close() throws IOException {}
  }

  private static final class StoredTagsLost extends Mutated {
    StoredTagsLost(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public Optional<StoredTags> storedTags() {
      return Optional.of(
          new MemoryTags() {
            @Override
            public Optional<byte[]> leaves(long superIndex) {
              return Optional.empty();
            }
          });
    }
  }

  private static final class WritesPastStoredTags extends Mutated {
    private final StoredTags tags = new MemoryTags();

    WritesPastStoredTags(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public Optional<StoredTags> storedTags() {
      return Optional.of(tags);
    }
  }

  private static final class PassesShareStoredTags extends Mutated {
    private final MemoryTags tags =
        new MemoryTags() {
          @Override
          public Standing standing(String of) {
            return super.standing(of.equals("another") ? "second" : of);
          }
        };

    PassesShareStoredTags(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      tags.beforeWrite();
      super.write(batch);
    }

    @Override
    public Optional<StoredTags> storedTags() {
      return Optional.of(tags);
    }
  }

  private static final class GivesTooMuchBack extends Mutated {
    GivesTooMuchBack(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void giveBack(ByteRange zeros) throws IOException {
      long end = Math.min(zeros.endBytes() + Geometry.LEAF_BYTES, capacityBytes());
      super.write(new Batch(List.of(new Batch.Zeros(ByteRange.between(zeros.offsetBytes(), end)))));
    }
  }

  private static final class SizeRounded extends Mutated {
    SizeRounded(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public long capacityBytes() {
      return super.capacityBytes() / Geometry.LEAF_BYTES * Geometry.LEAF_BYTES;
    }
  }

  private static final class EffectLost extends Mutated {
    EffectLost(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      batch.checkInside(capacityBytes());
    }
  }

  private static final class OnlyTheFirstPiece extends Mutated {
    OnlyTheFirstPiece(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      batch.checkInside(capacityBytes());
      super.write(batch.pieces().size() > 1 ? new Batch(batch.pieces().subList(0, 1)) : batch);
    }
  }

  private static final class AnswerLost extends Mutated {
    AnswerLost(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      super.write(batch);
      throw new IOException("connection reset");
    }
  }

  private static final class FirstWriteWins extends Mutated {
    private final Map<Long, Batch> firsts = new ConcurrentHashMap<>();

    FirstWriteWins(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      super.write(batch);
      for (Batch.Piece piece : batch.pieces()) {
        Batch first = firsts.putIfAbsent(piece.range().offsetBytes(), new Batch(List.of(piece)));
        if (first != null) {
          super.write(first);
        }
      }
    }
  }

  private static final class WholeLeavesOnly extends Mutated {
    WholeLeavesOnly(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      super.write(batch);
      for (Batch.Piece piece : batch.pieces()) {
        long rest = -piece.range().endBytes() & (Geometry.LEAF_BYTES - 1);
        if (rest > 0 && piece.range().endBytes() + rest <= capacityBytes()) {
          super.write(new Batch(List.of(zeros(piece.range().endBytes(), rest))));
        }
      }
    }
  }

  private static final class ZerosIgnored extends Mutated {
    ZerosIgnored(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      batch.checkInside(capacityBytes());
      super.write(new Batch(batch.pieces().stream().filter(Batch.Data.class::isInstance).toList()));
    }
  }

  private static final class HolesStayHoles extends Mutated {
    private final List<Batch.Piece> holes = new CopyOnWriteArrayList<>();

    HolesStayHoles(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      super.write(batch);
      for (Batch.Piece piece : batch.pieces()) {
        if (piece instanceof Batch.Zeros) {
          holes.add(piece);
        }
      }
      for (Batch.Piece hole : holes) {
        super.write(new Batch(List.of(hole)));
      }
    }
  }

  private static final class EffectTwice extends Mutated {
    private Batch last = new Batch(List.of());

    EffectTwice(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      super.write(batch);
      if (!batch.pieces().isEmpty() && batch.equals(last)) {
        disk.damage(batch.pieces().getFirst().range().offsetBytes());
      }
      last = batch;
    }
  }

  private static final class NeedsAPiece extends Mutated {
    NeedsAPiece(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      batch.pieces().getFirst();
      super.write(batch);
    }
  }

  private static final class KeepsBuffers extends Mutated {
    private final List<Batch> kept = new CopyOnWriteArrayList<>();

    KeepsBuffers(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      super.write(batch);
      kept.add(batch);
    }

    @Override
    public void flush() throws IOException {
      for (Batch batch : kept) {
        super.write(batch);
      }
      super.flush();
    }
  }

  private static final class ArraysOnly extends Mutated {
    ArraysOnly(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      for (Batch.Piece piece : batch.pieces()) {
        if (piece instanceof Batch.Data data && !data.bytes().hasArray()) {
          throw new UnsupportedOperationException();
        }
      }
      super.write(batch);
    }
  }

  private static final class ClipsAtTheEnd extends Mutated {
    ClipsAtTheEnd(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      super.write(
          new Batch(
              batch.pieces().stream()
                  .filter(piece -> piece.range().endBytes() <= capacityBytes())
                  .toList()));
    }
  }

  private static final class WritesUntilTheEnd extends Mutated {
    WritesUntilTheEnd(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      for (Batch.Piece piece : batch.pieces()) {
        super.write(new Batch(List.of(piece)));
      }
    }
  }

  private static final class Unfenced extends Mutated {
    Unfenced(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      batch.checkInside(capacityBytes());
      for (Batch.Piece piece : batch.pieces()) {
        if (piece instanceof Batch.Data data) {
          disk.write(data.offsetBytes(), data.bytes());
        }
      }
    }
  }

  private static final class FencedTooLate extends Mutated {
    FencedTooLate(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      batch.checkInside(capacityBytes());
      for (Batch.Piece piece : batch.pieces()) {
        if (piece instanceof Batch.Data data) {
          disk.write(data.offsetBytes(), data.bytes());
        }
      }
      super.write(batch);
    }
  }

  private static final class FlushesUnfenced extends Mutated {
    FlushesUnfenced(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void flush() throws IOException {
      try {
        super.flush();
      } catch (FencedException ignored) {
        return;
      }
    }
  }

  private static final class FlushLost extends Mutated {
    FlushLost(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void flush() throws IOException {
      super.write(new Batch(List.of()));
    }
  }

  private static final class FailedFlushForgotten extends Mutated {
    private boolean hasFailed;

    FailedFlushForgotten(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void flush() throws IOException {
      if (hasFailed) {
        return;
      }
      try {
        super.flush();
      } catch (IOException failed) {
        hasFailed = !(failed instanceof FencedException);
        throw failed;
      }
    }
  }

  private static final class FullDiskIgnored extends Mutated {
    FullDiskIgnored(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      try {
        super.write(batch);
      } catch (DiskFullException ignored) {
        return;
      }
    }
  }

  private static final class LastLeafPadded extends Mutated {
    LastLeafPadded(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      ranges.forEach(range -> DiskTags.checkOnUnits(range, level, capacityBytes()));
      byte[] content = disk.bytes();
      int whole = (content.length / Geometry.LEAF_BYTES + 1) * Geometry.LEAF_BYTES;
      DiskSource padded = new MemoryDisk.Source(Arrays.copyOf(content, whole));
      return DiskTags.of(
          padded,
          key,
          level,
          ranges.stream()
              .map(
                  range ->
                      new ByteRange(
                          range.offsetBytes(), (long) Geometry.leaves(range) * Geometry.LEAF_BYTES))
              .toList());
    }
  }

  private static final class TagsOfWhatIsFlushed extends Mutated {
    private DiskSource flushed = new MemoryDisk.Source(new byte[(int) super.capacityBytes()]);

    TagsOfWhatIsFlushed(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void flush() throws IOException {
      super.flush();
      flushed = disk.source();
    }

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      return DiskTags.of(flushed, key, level, ranges);
    }
  }

  private static final class StaleTags extends Mutated {
    private DiskSource seen = new MemoryDisk.Source(new byte[(int) super.capacityBytes()]);

    StaleTags(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void write(Batch batch) throws IOException {
      super.write(batch);
      seen = disk.source();
    }

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      return DiskTags.of(seen, key, level, ranges);
    }
  }

  private static final class OneKeyForAll extends Mutated {
    OneKeyForAll(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      return super.tags(DocumentedTags.GMAC, level, ranges);
    }
  }

  private static final class TagsSorted extends Mutated {
    TagsSorted(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      return super.tags(
          key,
          level,
          ranges.stream().sorted(Comparator.comparingLong(ByteRange::offsetBytes)).toList());
    }
  }

  private static final class TagsOfAnyRange extends Mutated {
    TagsOfAnyRange(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      try {
        return super.tags(key, level, ranges);
      } catch (IllegalArgumentException ignored) {
        return new byte[0];
      }
    }
  }

  private static final class BoundToAThread extends Mutated {
    private Thread first;

    BoundToAThread(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public synchronized void write(Batch batch) throws IOException {
      first = first == null ? Thread.currentThread() : first;
      if (first.equals(Thread.currentThread())) {
        super.write(batch);
      }
    }
  }

  private static final class ClosesOnlyOnce extends Mutated {
    private boolean closed;

    ClosesOnlyOnce(MemoryDisk disk) {
      super(disk);
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        throw new IOException("closed");
      }
      closed = true;
    }
  }

  private static Batch.Zeros zeros(long offsetBytes, long lengthBytes) {
    return new Batch.Zeros(new ByteRange(offsetBytes, lengthBytes));
  }
}
