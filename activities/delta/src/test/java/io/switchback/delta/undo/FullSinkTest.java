package io.switchback.delta.undo;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.TestBytes.assertSameBytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskFullException;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.ForwardingSink;
import io.switchback.delta.TestBytes;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.state.Folder;
import io.switchback.delta.state.TagMapFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No room for the disk, its undo log or its list of points, after any byte. Nothing that is there
 * is lost or claims more than it holds, also when the machine crashes just then; with room, it goes
 * on.
 */
class FullSinkTest {
  private static final int CAPACITY = 3 * LEAF_BYTES + 4096 + 512;
  private static final ChangedAreas ALL = new ChangedAreas.Unknown("it is the first");

  private final RecordingMachine machine = RecordingMachine.withDisk(CAPACITY);
  private final AtomicLong room = new AtomicLong(Long.MAX_VALUE);
  private int timesFull;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void goesOnOnceThereIsRoom(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] before = TestBytes.random(seed, CAPACITY);
    byte[] after = TestBytes.random(-seed, CAPACITY);
    try (RestorePoints points = open(machine)) {
      transfer(before, points, "first");
      points.commit("first", Roots.of(before));
    }
    room.set(0);
    for (boolean isDone = false; !isDone; ) {
      try (RestorePoints points = open(machine)) {
        transfer(after, points, "second");
        points.commit("second", Roots.of(after));
        isDone = true;
      } catch (DiskFullException full) {
        timesFull++;
        assertPointsHold(machine);
        assertPointsHold(
            machine.crashedAfter(machine.recorded(), RecordingMachine.Loss.SOME, random));
        room.set(random.nextLong(timesFull * (long) LEAF_BYTES));
      }
    }
    room.set(Long.MAX_VALUE);
    assertThat(timesFull).isGreaterThan(3);
    assertSameBytes(machine.disk(), after);
    try (RestorePoints points = open(machine)) {
      points.revert("first");
      assertSameBytes(machine.disk(), before);
    }
  }

  private static void assertPointsHold(RecordingMachine machine) throws IOException {
    try (RestorePoints points =
        RestorePoints.over(machine.sink(), machine.source(), machine, TagMapFile.Moment.UNKNOWN)) {
      assertThat(points.points()).isNotEmpty();
      for (RestorePoint point : points.points()) {
        try (DiskSource then = points.read(point.id())) {
          assertThat(Roots.of(TestBytes.readAll(then))).as(point.id()).isEqualTo(point.proof());
        }
      }
    }
  }

  private static void transfer(byte[] content, RestorePoints points, String name) throws Exception {
    RecordingMachine production = RecordingMachine.withDisk(CAPACITY);
    production.sink().write(new Batch(List.of(new Batch.Data(0, ByteBuffer.wrap(content)))));
    try (DiskSource source = production.source();
        DiskSink sink = points.sink(name)) {
      var _ = new Transfer(source, sink, ALL, TransferObserver.NONE).run();
    }
  }

  private RestorePoints open(RecordingMachine within) throws IOException {
    return RestorePoints.over(
        new CrampedSink(within.sink(), room),
        within.source(),
        new CrampedFolder(within, room),
        TagMapFile.Moment.UNKNOWN);
  }

  /** How much of {@code bytes} there is room for, which is gone then. */
  private static int take(AtomicLong room, int bytes) {
    long left = room.getAndUpdate(now -> Math.max(0, now - bytes));
    return (int) Math.min(left, bytes);
  }

  private static DiskFullException full() {
    return new DiskFullException("There is no room.", new IOException("No space left on device"));
  }

  private static final class CrampedSink extends ForwardingSink {
    private final AtomicLong room;

    CrampedSink(DiskSink disk, AtomicLong room) {
      super(disk);
      this.room = room;
    }

    @Override
    public void write(Batch batch) throws IOException {
      for (Batch.Piece piece : batch.pieces()) {
        int wanted = Math.toIntExact(piece.range().lengthBytes());
        int length = take(room, wanted);
        if (length > 0) {
          super.write(new Batch(List.of(first(piece, length))));
        }
        if (length < wanted) {
          throw full();
        }
      }
    }

    private static Batch.Piece first(Batch.Piece piece, int length) {
      return switch (piece) {
        case Batch.Data data ->
            new Batch.Data(data.offsetBytes(), data.bytes().slice(data.bytes().position(), length));
        case Batch.Zeros zeros ->
            new Batch.Zeros(new ByteRange(zeros.range().offsetBytes(), length));
      };
    }
  }

  private record CrampedFolder(Folder folder, AtomicLong room) implements Folder {
    @Override
    public List<String> names() throws IOException {
      return folder.names();
    }

    @Override
    public Log create(String name) throws IOException {
      return new CrampedLog(folder.create(name), room);
    }

    @Override
    public Log open(String name) throws IOException {
      return new CrampedLog(folder.open(name), room);
    }

    @Override
    public void rename(String from, String to) throws IOException {
      folder.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
      folder.delete(name);
    }

    @Override
    public void sync() throws IOException {
      folder.sync();
    }
  }

  private record CrampedLog(Folder.Log log, AtomicLong room) implements Folder.Log {
    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
      int length = take(room, from.remaining());
      log.write(offsetBytes, from.slice(from.position(), length));
      if (length < from.remaining()) {
        throw full();
      }
    }

    @Override
    public long sizeBytes() throws IOException {
      return log.sizeBytes();
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
      log.read(offsetBytes, into);
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
      log.truncate(sizeBytes);
    }

    @Override
    public void sync() throws IOException {
      log.sync();
    }

    @Override
    public void close() throws IOException {
      log.close();
    }
  }
}
