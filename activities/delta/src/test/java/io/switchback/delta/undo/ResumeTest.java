package io.switchback.delta.undo;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.Geometry.SUPER_BYTES;
import static io.switchback.delta.TestBytes.assertSameBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskTags;
import io.switchback.delta.Rung;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.TransferResult;
import io.switchback.delta.state.JournalFile;
import io.switchback.delta.state.TagMapFile;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transfers that die, and what the next attempt has to do again. */
class ResumeTest {
  private static final int CAPACITY = 4 * SUPER_BYTES + 4096 + 512;

  /** Two threads may have one super under way each, whatever the processors. */
  private static final long LOST_BYTES = 2L * SUPER_BYTES;

  private static final int SMALL = 2 * LEAF_BYTES + 512;
  private static final byte[] CONTENT = content();

  private RecordingMachine machine = RecordingMachine.withDisk(CAPACITY);

  enum Kind {
    UNKNOWN(new ChangedAreas.Unknown("it is the first")),
    COMPARED(new ChangedAreas.Compared("nobody knows")),
    LISTED(bothListed(CAPACITY)),
    LISTED_WRONGLY(new ChangedAreas.Listed(List.of(new ByteRange(0, LEAF_BYTES))));

    @SuppressWarnings("ImmutableEnumChecker") // They are records of immutable lists.
    private final ChangedAreas changes;

    Kind(ChangedAreas changes) {
      this.changes = changes;
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAttemptThatDiedIsNotBegunAnew(Kind kind) throws Exception {
    Source source = new Source();
    long wholeBytes = bytesOfOneAttempt(kind);
    int deaths = 0;
    TransferResult result = null;
    for (; result == null; deaths++) {
      assertThat(deaths).as("attempts").isLessThan(10);
      // An audit that died is made again as a whole.
      long auditBytes = kind == Kind.LISTED_WRONGLY ? CAPACITY : 0;
      source.dieAfter(auditBytes + LOST_BYTES + SUPER_BYTES);
      try {
        result = attempt(source, kind.changes);
      } catch (Died expected) {
        // The next attempt finds what this one left: nothing but a machine's crash takes that away.
      }
    }
    assertThat(deaths).as("it died on the way").isGreaterThan(1);
    assertSameBytes(machine.disk(), CONTENT);
    assertThat(source.readBytes.get()).isLessThanOrEqualTo(wholeBytes + deaths * LOST_BYTES);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNKNOWN", "COMPARED"})
  void twoSupersAreUnderWayWhateverTheProcessors(Kind kind) throws Exception {
    Source source = new Source();
    attempt(source, kind.changes);
    assertThat(source.readers).isSubsetOf("transfer-0", "transfer-1");
  }

  @Test
  void afterAPowerCutItEndsEqualToo() throws Exception {
    Source source = new Source();
    source.dieAfter(3L * SUPER_BYTES);
    assertThatExceptionOfType(Died.class).isThrownBy(() -> attempt(source, Kind.UNKNOWN.changes));
    machine =
        machine.crashedAfter(
            machine.recorded(), RecordingMachine.Loss.SOME, new SplittableRandom(3));
    source.dieAfter(Long.MAX_VALUE);
    TransferResult result = attempt(source, Kind.UNKNOWN.changes);
    assertThat(result.rung()).isEqualTo(Rung.FULL_COPY);
    assertSameBytes(machine.disk(), CONTENT);
  }

  @ParameterizedTest
  @EnumSource
  void everyPowerCutLeavesThePointAndAWayToGoOn(Kind kind) throws Exception {
    byte[] before = Arrays.copyOf(CONTENT, SMALL);
    byte[] after = Arrays.copyOfRange(CONTENT, SMALL, 2 * SMALL);
    machine = RecordingMachine.withDisk(SMALL);
    ChangedAreas changes = kind == Kind.LISTED ? bothListed(SMALL) : kind.changes;
    try (RestorePoints points = open()) {
      transfer(new Source(before), points, "first", Kind.UNKNOWN.changes);
      points.commit("first", Roots.of(before));
      transfer(new Source(after), points, "second", changes);
    }
    SplittableRandom random = new SplittableRandom(kind.name().length());
    RecordingMachine whole = machine;
    for (int crash = 0; crash <= whole.recorded(); crash += random.nextInt(1, 4)) {
      machine = whole.crashedAfter(crash, RecordingMachine.Loss.SOME, random);
      try (RestorePoints points = open()) {
        boolean isFirst = points.points().isEmpty();
        byte[] content = isFirst ? before : after;
        transfer(
            new Source(content),
            points,
            isFirst ? "first" : "second",
            isFirst ? Kind.UNKNOWN.changes : changes);
        assertSameBytes(machine.disk(), content);
        if (!isFirst) {
          points.revert("first");
          assertSameBytes(machine.disk(), before);
        }
      }
    }
  }

  @Test
  void onceAllIsThereOnlyTheProofIsMadeAgain() throws Exception {
    TransferResult first = attempt(new Source(), Kind.COMPARED.changes);
    Source source = new Source();
    TransferResult again = attempt(source, Kind.COMPARED.changes);
    assertThat(again.proof()).isEqualTo(first.proof());
    assertThat(source.readBytes.get()).isZero();
  }

  @Test
  void anotherSourceBeginsAnew() throws Exception {
    attempt(new Source(), Kind.UNKNOWN.changes);
    try (RestorePoints points = open()) {
      Source other = new Source();
      transfer(other, points, "another snapshot", Kind.UNKNOWN.changes);
      assertThat(other.readBytes.get()).isEqualTo(CAPACITY);
    }
  }

  @Test
  void anotherListBeginsAnew() throws Exception {
    attempt(new Source(), Kind.LISTED.changes);
    Source source = new Source();
    attempt(source, Kind.LISTED_WRONGLY.changes);
    assertThat(source.readBytes.get()).as("the rest is audited").isEqualTo(CAPACITY);
  }

  @Test
  void theSinksOwnListMayGrowByWhatAnAttemptWrote() throws Exception {
    machine = RecordingMachine.withDisk(CONTENT.clone());
    List<ByteRange> sources = List.of(ByteRange.between(0, 2L * SUPER_BYTES));
    List<ByteRange> sinks = List.of(new ByteRange(3L * SUPER_BYTES, LEAF_BYTES));
    attempt(new Source(), new ChangedAreas.Listed(sources, Optional.of(sinks)));
    List<ByteRange> grown = List.of(sources.getFirst(), sinks.getFirst());
    Source source = new Source();
    attempt(source, new ChangedAreas.Listed(sources, Optional.of(grown)));
    assertThat(source.readBytes.get()).isZero();
  }

  @Test
  void whatOthersWroteMakesItBeginAnew() throws Exception {
    attempt(new Source(), Kind.UNKNOWN.changes);
    try (RestorePoints points = open()) {
      points
          .sink()
          .write(
              new io.switchback.delta.Batch(
                  List.of(new io.switchback.delta.Batch.Zeros(new ByteRange(0, LEAF_BYTES)))));
    }
    attempt(new Source(), Kind.UNKNOWN.changes);
    assertSameBytes(machine.disk(), CONTENT);
  }

  @Test
  void aRevertMakesItBeginAnew() throws Exception {
    try (RestorePoints points = open()) {
      points.commit("empty", Roots.of(new byte[512]));
      transfer(new Source(), points, "snapshot", Kind.UNKNOWN.changes);
      points.revert("empty");
      transfer(new Source(), points, "snapshot", Kind.UNKNOWN.changes);
    }
    assertSameBytes(machine.disk(), CONTENT);
  }

  @Test
  void aJournalThatWasDamagedCostsOnlyTime() throws Exception {
    attempt(new Source(), Kind.UNKNOWN.changes);
    machine.damage(JournalFile.FILE, -20);
    Source source = new Source();
    attempt(source, Kind.UNKNOWN.changes);
    assertThat(source.readBytes.get()).isBetween(1L, LOST_BYTES);
  }

  /** All of the disk, which neither side lists alone. */
  private static ChangedAreas bothListed(int capacity) {
    return new ChangedAreas.Listed(
        List.of(new ByteRange(0, LEAF_BYTES)),
        Optional.of(List.of(ByteRange.between(LEAF_BYTES, capacity))));
  }

  private static long bytesOfOneAttempt(Kind kind) {
    return switch (kind) {
      case UNKNOWN, LISTED -> CAPACITY;
      case COMPARED -> 2L * CAPACITY;
      case LISTED_WRONGLY -> 3L * CAPACITY;
    };
  }

  private TransferResult attempt(Source source, ChangedAreas changes) throws Exception {
    try (RestorePoints points = open()) {
      return transfer(source, points, "snapshot", changes);
    }
  }

  private static TransferResult transfer(
      Source source, RestorePoints points, String name, ChangedAreas changes) throws Exception {
    return new Transfer(source, points.sink(name), changes, TransferObserver.NONE).run();
  }

  private RestorePoints open() throws IOException {
    return RestorePoints.over(machine.sink(), machine.source(), machine, TagMapFile.Moment.UNKNOWN);
  }

  private static byte[] content() {
    ByteBuffer content = ByteBuffer.allocate(CAPACITY);
    for (long at = 1; content.remaining() >= Long.BYTES; at++) {
      content.putLong(at * 0x9E3779B97F4A7C15L);
    }
    return content.array();
  }

  private static final class Died extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** Counts what is read of it, and can be made to die. */
  private static final class Source implements DiskSource {
    private final byte[] content;
    private final DiskTags tags = new DiskTags(this);
    private final Set<String> readers = ConcurrentHashMap.newKeySet();
    private final AtomicLong readBytes = new AtomicLong();
    private final AtomicLong leftBytes = new AtomicLong(Long.MAX_VALUE);

    Source() {
      this(CONTENT);
    }

    Source(byte[] content) {
      this.content = content;
    }

    void dieAfter(long bytes) {
      leftBytes.set(bytes);
    }

    @Override
    public long capacityBytes() {
      return content.length;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
      if (leftBytes.addAndGet(-into.remaining()) < 0) {
        throw new Died();
      }
      readers.add(Thread.currentThread().getName());
      readBytes.addAndGet(into.remaining());
      into.put(content, (int) offsetBytes, into.remaining());
    }

    @Override
    public List<ByteRange> allocated(ByteRange within) {
      return List.of(within);
    }

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      return tags.tags(key, level, ranges);
    }

    @Override
    public long taggedBytes() {
      return tags.readBytes();
    }

    @Override
    public void close() {}
  }
}
