package io.switchback.delta.undo;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.Geometry.SUPER_BYTES;
import static io.switchback.delta.TestBytes.assertSameBytes;
import static io.switchback.delta.TestBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DocumentedTags;
import io.switchback.delta.ForwardingSink;
import io.switchback.delta.Proof;
import io.switchback.delta.Rung;
import io.switchback.delta.StoredTags;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferJournal;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.TransferResult;
import io.switchback.delta.state.TagMapFile;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes that know from the one before what the sink holds. */
class StoredDigestsTest {
  private static final int CAPACITY = SUPER_BYTES + 3 * LEAF_BYTES + 512;
  private static final int SMALL = 3 * LEAF_BYTES + 512;
  private static final ChangedAreas UNKNOWN = new ChangedAreas.Unknown("it is the first");
  private static final ChangedAreas COMPARED = new ChangedAreas.Compared("nobody knows");

  private RecordingMachine machine = RecordingMachine.withDisk(CAPACITY);
  private byte[] content = random(1, CAPACITY);
  private final AtomicLong taggedBytes = new AtomicLong();

  @Test
  void afterAFullCopyTheNextPassReadsTheSinkInASampleOnly() throws Exception {
    pass("one", UNKNOWN);
    change(3, 256 + 2);
    taggedBytes.set(0);
    TransferResult result = pass("two", COMPARED);
    assertThat(result.rung()).isEqualTo(Rung.STORED_DIGESTS);
    assertThat(result.reason())
        .isEqualTo("nobody knows, so the source was compared with the sink's stored digests");
    assertThat(result.coveredBytes()).isEqualTo(2L * LEAF_BYTES);
    assertThat(result.auditedLeaves()).isEqualTo(256 + 4);
    assertThat(taggedBytes)
        .as("the sample, and what was sent")
        .hasValue(CAPACITY + 4L * LEAF_BYTES);
  }

  @Test
  void aComparisonStoresWhatTheSinkHoldsToo() throws Exception {
    machine = RecordingMachine.withDisk(content.clone());
    change(5);
    TransferResult first = pass("one", COMPARED);
    assertThat(first.rung()).isEqualTo(Rung.FULL_COMPARISON);
    assertThat(first.reason()).isEqualTo("nobody knows, and no digests of the disk are stored");
    change(6);
    assertThat(pass("two", COMPARED).rung()).isEqualTo(Rung.STORED_DIGESTS);
  }

  @Test
  void aPassByChangeListsKeepsThemUpToDate() throws Exception {
    pass("one", UNKNOWN);
    change(1);
    TransferResult listed =
        pass("two", new ChangedAreas.Listed(List.of(new ByteRange(LEAF_BYTES, 1))));
    assertThat(listed.rung()).isEqualTo(Rung.CHANGE_LIST);
    change(2);
    TransferResult result = pass("three", COMPARED);
    assertThat(result.rung()).isEqualTo(Rung.STORED_DIGESTS);
    assertThat(result.coveredBytes()).isEqualTo(LEAF_BYTES);
  }

  @Test
  void whoeverAsksForAFullComparisonGetsOne() throws Exception {
    pass("one", UNKNOWN);
    machine.damageDisk(7 * LEAF_BYTES + 11);
    TransferResult result = pass("two", new ChangedAreas.Compared("policy", true));
    assertThat(result.rung()).isEqualTo(Rung.FULL_COMPARISON);
    assertThat(result.reason()).isEqualTo("policy");
    assertThat(result.proof().kind()).isEqualTo(Proof.Kind.FULL_ROOT);
    assertThat(result.coveredBytes()).isEqualTo(LEAF_BYTES);
  }

  @Test
  void aListThatIsNotBelievedLeadsToThem() throws Exception {
    pass("one", UNKNOWN);
    change(1);
    TransferResult result =
        pass("two", new ChangedAreas.Listed(List.of(new ByteRange(0, CAPACITY))));
    assertThat(result.rung()).isEqualTo(Rung.STORED_DIGESTS);
    assertThat(result.reason()).startsWith("the source's change list names the whole disk, so ");
  }

  @Test
  void aSinkThatIsNotAsStoredIsFoundOutAndCompared() throws Exception {
    pass("one", UNKNOWN);
    machine.damageDisk(7 * LEAF_BYTES + 11);
    TransferResult result = pass("two", COMPARED);
    assertThat(result.rung()).isEqualTo(Rung.FULL_COMPARISON);
    assertThat(result.reason())
        .isEqualTo(
            "nobody knows, and the sink's stored digests are wrong at "
                + new ByteRange(7L * LEAF_BYTES, LEAF_BYTES));
    assertThat(result.coveredBytes()).isEqualTo(LEAF_BYTES);
    change(9);
    assertThat(pass("three", COMPARED).rung()).isEqualTo(Rung.STORED_DIGESTS);
  }

  @Test
  void aSuperWhoseDigestsAreDamagedIsReadInstead() throws Exception {
    pass("one", UNKNOWN);
    machine.damage(TagMapFile.FILE, 100);
    change(2);
    TransferResult result = pass("two", COMPARED);
    assertThat(result.rung()).isEqualTo(Rung.STORED_DIGESTS);
    assertThat(result.coveredBytes()).isEqualTo(LEAF_BYTES);
  }

  @Test
  void theProofIsNamedForWhatWasComparedAndShowsAnotherKey() throws Exception {
    TransferResult first = pass("one", UNKNOWN);
    change(3, 256 + 1);
    TransferResult result = pass("two", COMPARED);
    assertThat(result.proof().kind()).isEqualTo(Proof.Kind.STORED_ROOT);
    assertThat(result.proof().comparedBytes()).isEqualTo(2L * LEAF_BYTES);
    try (RestorePoints points = open(machine)) {
      assertThat(key(points)).isNotEmpty().isNotEqualTo(Optional.of(result.proof().key()));
      assertThat(key(points)).isNotEqualTo(Optional.of(first.proof().key()));
    }
  }

  @Test
  void whoeverWritesOutsideOfAPassMakesThemUseless() throws Exception {
    pass("one", UNKNOWN);
    try (RestorePoints points = open(machine)) {
      DiskSink sink = points.sink();
      sink.write(new Batch(List.of(new Batch.Zeros(new ByteRange(0, LEAF_BYTES)))));
      assertThat(key(points)).isEmpty();
    }
    TransferResult result = pass("two", COMPARED);
    assertThat(result.rung()).isEqualTo(Rung.FULL_COMPARISON);
    assertThat(result.reason())
        .endsWith("the disk was written or reverted since its digests were stored");
  }

  @Test
  void aRevertMakesThemUseless() throws Exception {
    pass("one", UNKNOWN);
    change(1);
    pass("two", COMPARED);
    try (RestorePoints points = open(machine)) {
      points.revert("one");
      assertThat(key(points)).isEmpty();
    }
  }

  @Test
  void onceAllIsThereOnlyTheProofIsMadeAgain() throws Exception {
    pass("one", UNKNOWN);
    change(1, 256);
    TransferResult first = transfer(machine, "two", COMPARED);
    TransferResult again = transfer(machine, "two", COMPARED);
    assertThat(again.proof()).isEqualTo(first.proof());
    assertThat(again.readBytes()).isZero();
    assertStoredTagsAreTrue(machine);
  }

  enum Before {
    /** The first copy, which stores them. */
    NOTHING,
    /** A pass that has them. */
    STORED,
    /** A pass whose audit finds them wrong. */
    WRONG
  }

  @ParameterizedTest
  @EnumSource
  void whateverACrashLeavesTheyNeverTellMoreThanTheDiskHolds(Before before) throws Exception {
    machine = RecordingMachine.withDisk(SMALL);
    content = random(2, SMALL);
    if (before != Before.NOTHING) {
      pass("one", UNKNOWN);
      change(1);
    }
    if (before == Before.WRONG) {
      machine.damageDisk(2 * LEAF_BYTES);
    }
    int from = machine.recorded();
    RecordingMachine whole = machine;
    transfer(whole, "two", before == Before.NOTHING ? UNKNOWN : COMPARED);
    SplittableRandom random = new SplittableRandom(before.name().length());
    RecordingMachine.Loss[] losses = RecordingMachine.Loss.values();
    for (int crash = from; crash <= whole.recorded(); crash++) {
      RecordingMachine crashed =
          whole.crashedAfter(crash, losses[random.nextInt(losses.length)], random);
      if (before != Before.WRONG) {
        assertStoredTagsAreTrue(crashed);
      }
      transfer(crashed, "two", before == Before.NOTHING ? UNKNOWN : COMPARED);
      assertSameBytes(crashed.disk(), content);
      assertThat(assertStoredTagsAreTrue(crashed)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whateverChangesAndWhereverAPassIsCutItEndsEqual(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    pass("0", UNKNOWN);
    for (int number = 1; number <= 3; number++) {
      int[] leaves = random.ints(random.nextInt(1, 40), 0, CAPACITY / LEAF_BYTES + 1).toArray();
      change(leaves);
      for (int cut = random.nextInt(3); cut > 0; cut--) {
        int batches = random.nextInt(1, 3);
        String name = String.valueOf(number);
        assertThatIOException().isThrownBy(() -> cutAfter(batches, name));
      }
      TransferResult result = pass(String.valueOf(number), COMPARED);
      assertThat(result.rung()).isEqualTo(Rung.STORED_DIGESTS);
      assertThat(result.coveredBytes())
          .isEqualTo(Arrays.stream(leaves).distinct().mapToLong(this::leafBytes).sum());
    }
  }

  private void cutAfter(int calls, String name) throws Exception {
    try (RestorePoints points = open(machine)) {
      AtomicLong left = new AtomicLong(calls);
      DiskSink sink =
          new Counting(points.sink(name)) {
            @Override
            public void write(Batch batch) throws IOException {
              super.write(batch);
              throw new IOException("cut");
            }

            @Override
            public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges)
                throws IOException {
              if (left.decrementAndGet() == 0) {
                throw new IOException("cut");
              }
              return super.tags(key, level, ranges);
            }
          };
      new Transfer(source(), sink, COMPARED, TransferObserver.NONE).run();
    }
  }

  private TransferResult pass(String name, ChangedAreas changes) throws Exception {
    TransferResult result = transfer(machine, name, changes);
    assertSameBytes(machine.disk(), content);
    try (RestorePoints points = open(machine)) {
      points.commit(name, result.proof());
    }
    assertThat(assertStoredTagsAreTrue(machine)).as("they are stored").isTrue();
    return result;
  }

  private TransferResult transfer(RecordingMachine at, String name, ChangedAreas changes)
      throws Exception {
    try (RestorePoints points = open(at);
        DiskSink sink = new Counting(points.sink(name))) {
      return new Transfer(source(), sink, changes, TransferObserver.NONE).run();
    }
  }

  private DiskSource source() {
    return RecordingMachine.withDisk(content.clone()).source();
  }

  /** Fails when they tell what is not so; answers whether they tell anything. */
  private static boolean assertStoredTagsAreTrue(RecordingMachine at) throws Exception {
    try (RestorePoints points = open(at)) {
      StoredTags tags = points.sink().storedTags().orElseThrow();
      if (!(tags.standing("somebody-else") instanceof StoredTags.Current current)) {
        return false;
      }
      byte[] disk = at.disk();
      for (int start = 0; start < disk.length; start += SUPER_BYTES) {
        Optional<byte[]> stored = tags.leaves(start / SUPER_BYTES);
        if (stored.isPresent()) {
          ByteRange range = ByteRange.between(start, Math.min(start + SUPER_BYTES, disk.length));
          assertSameBytes(
              stored.get(), DocumentedTags.of(current.key(), TagLevel.LEAF, disk, List.of(range)));
        }
      }
      return true;
    }
  }

  private static Optional<TagKey> key(RestorePoints points) throws IOException {
    return points.sink().storedTags().orElseThrow().standing("somebody-else")
            instanceof StoredTags.Current current
        ? Optional.of(current.key())
        : Optional.empty();
  }

  private static RestorePoints open(RecordingMachine at) throws IOException {
    return RestorePoints.over(at.sink(), at.source(), at, TagMapFile.Moment.UNKNOWN);
  }

  private void change(int... leaves) {
    for (int leaf : Arrays.stream(leaves).distinct().toArray()) {
      content[leaf * LEAF_BYTES + 5] ^= 1;
    }
  }

  private long leafBytes(int leaf) {
    return Math.min(LEAF_BYTES, CAPACITY - (long) leaf * LEAF_BYTES);
  }

  /** Counts what is tagged at the sink. */
  private class Counting extends ForwardingSink {
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
