package io.switchback.delta.undo;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.TestBytes.assertSameBytes;
import static io.switchback.delta.TestBytes.random;
import static io.switchback.delta.TestBytes.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskInUseException;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.ForwardingSink;
import io.switchback.delta.state.TagMapFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestorePointsTest {
  private static final int CAPACITY = 8 * LEAF_BYTES + 512;

  private final RecordingMachine machine = RecordingMachine.withDisk(CAPACITY);
  private final List<byte[]> moments = new ArrayList<>();
  private RestorePoints points;

  @BeforeEach
  void makeThreePoints() throws Exception {
    points = open();
    write(0, 3 * LEAF_BYTES);
    commit("one");
    write(LEAF_BYTES, 2 * LEAF_BYTES);
    commit("two");
    write(2L * LEAF_BYTES, 3 * LEAF_BYTES);
    commit("three");
  }

  @Test
  void nothingIsKeptBeforeThereIsAPoint() throws Exception {
    RecordingMachine fresh = RecordingMachine.withDisk(CAPACITY);
    try (RestorePoints none =
        RestorePoints.over(fresh.sink(), fresh.source(), fresh, TagMapFile.Moment.UNKNOWN)) {
      none.sink().write(new Batch(List.of(new Batch.Data(0, ByteBuffer.wrap(random(1, 100))))));
      assertThat(none.isInterrupted()).isFalse();
      assertThat(fresh.names()).isEmpty();
    }
  }

  @Test
  void everyPointIsReadAsItStood() throws Exception {
    assertPointsAre("one", "two", "three");
  }

  @Test
  void aLeafIsKeptOncePerPoint() throws Exception {
    write(0, 100);
    int length = logLength("three.undo");
    write(0, 4000);
    assertThat(logLength("three.undo")).isEqualTo(length);
  }

  @Test
  void zerosOverZerosAreNotKept() throws Exception {
    points
        .sink()
        .write(new Batch(List.of(new Batch.Zeros(new ByteRange(6L * LEAF_BYTES, LEAF_BYTES)))));
    assertThat(points.isInterrupted()).isFalse();
  }

  @Test
  void aCopyThatWasInterruptedIsSeenAndTakenBack() throws Exception {
    write(5, 3 * LEAF_BYTES);
    points = open();
    assertThat(points.isInterrupted()).isTrue();
    points.revert("three");
    assertThat(points.isInterrupted()).isFalse();
    assertSameBytes(machine.disk(), moments.get(2));
    assertPointsAre("one", "two", "three");
  }

  @Test
  void aRevertLeavesThePointAsTheNewest() throws Exception {
    write(5, 3 * LEAF_BYTES);
    points.revert("two");
    assertSameBytes(machine.disk(), moments.get(1));
    assertPointsAre("one", "two");
    write(0, LEAF_BYTES);
    moments.removeLast();
    commit("three");
    points = open();
    assertPointsAre("one", "two", "three");
  }

  @Test
  void theOldestPointExpiresByItsLogAlone() throws Exception {
    List<String> before = machine.names();
    points.expire("one");
    moments.removeFirst();
    assertPointsAre("two", "three");
    assertThat(machine.names()).hasSize(before.size() - 1).isSubsetOf(before);
  }

  @Test
  void whenAPointInTheMiddleExpiresTheOlderContentStays() throws Exception {
    points.expire("two");
    moments.remove(1);
    assertPointsAre("one", "three");
    points = open();
    assertPointsAre("one", "three");
  }

  @Test
  void theNewestPointDoesNotExpire() {
    assertThatIllegalArgumentException().isThrownBy(() -> points.expire("three"));
  }

  @Test
  void aPointThatIsReadStays() throws Exception {
    DiskSource reading = points.read("one");
    assertThatExceptionOfType(DiskInUseException.class)
        .isThrownBy(() -> points.expire("one"))
        .withMessageContaining("'one' is being read");
    assertThatExceptionOfType(DiskInUseException.class).isThrownBy(() -> points.revert("two"));
    points.expire("two");
    assertSameBytes(readAll(reading), moments.getFirst());
    reading.close();
    reading.close();
    points.expire("one");
  }

  @Test
  void makingTheSamePointAgainDoesNothing() throws Exception {
    RestorePoint three = points.points().getLast();
    int recorded = machine.recorded();
    assertThat(points.commit("three", three.proof())).isEqualTo(three);
    assertThat(machine.recorded()).as("but for one flush of the disk").isEqualTo(recorded + 1);
    write(0, 100);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> points.commit("three", three.proof()))
        .withMessageContaining("'three'");
  }

  @Test
  void pointsOfAnotherDiskAreRefused() {
    RecordingMachine other = RecordingMachine.withDisk(CAPACITY + 512);
    assertThatExceptionOfType(DamagedUndoLogException.class)
        .isThrownBy(
            () ->
                RestorePoints.over(
                    other.sink(), other.source(), machine, TagMapFile.Moment.UNKNOWN))
        .withMessageContaining("of a disk of");
  }

  @Test
  void aListThatWasDamagedIsNotBelieved() {
    machine.damage(PointList.FILE, 40);
    assertThatExceptionOfType(DamagedUndoLogException.class)
        .isThrownBy(this::open)
        .withMessageContaining("'points'");
  }

  @Test
  void logsWithoutTheirListAreLeftAlone() {
    machine.delete(PointList.FILE);
    assertThatExceptionOfType(DamagedUndoLogException.class).isThrownBy(this::open);
    assertThat(machine.names()).contains("one.undo", "two.undo");
  }

  @Test
  void contentThatWasDamagedIsNotHandedOut() throws Exception {
    machine.damage("one.undo", LogHeader.BYTES + Frame.SECTOR_BYTES + 9);
    points = open();
    try (DiskSource one = points.read("one")) {
      assertThatExceptionOfType(DamagedUndoLogException.class)
          .isThrownBy(() -> readAll(one))
          .withMessageContaining("'one.undo'");
    }
    byte[] before = machine.disk();
    assertThatExceptionOfType(DamagedUndoLogException.class).isThrownBy(() -> points.expire("two"));
    assertSameBytes(machine.disk(), before);
  }

  @Test
  void withoutItsIndexALogIsScanned() throws Exception {
    machine.damage("one.undo", -Frame.SECTOR_BYTES - 1);
    points = open();
    assertPointsAre("one", "two", "three");
  }

  @Test
  void aLogThatLostItsEndIsNotTakenForATornOne() {
    machine.damage("one.undo", -Frame.SECTOR_BYTES + 9);
    assertThatExceptionOfType(DamagedUndoLogException.class).isThrownBy(this::open);
  }

  @Test
  void damageToWhatWasDurableIsNotTakenForATornEnd() throws Exception {
    write(0, LEAF_BYTES);
    write(LEAF_BYTES, LEAF_BYTES);
    machine.damage("three.undo", LogHeader.BYTES + 3);
    assertThatExceptionOfType(DamagedUndoLogException.class)
        .isThrownBy(this::open)
        .withMessageContaining("the bytes at 4096 are damaged");
  }

  private RestorePoints open() throws IOException {
    return RestorePoints.over(machine.sink(), machine.source(), machine, TagMapFile.Moment.UNKNOWN);
  }

  private void write(long offsetBytes, int length) throws IOException {
    byte[] bytes = random(machine.recorded(), length);
    points.sink().write(new Batch(List.of(new Batch.Data(offsetBytes, ByteBuffer.wrap(bytes)))));
  }

  private void commit(String id) throws IOException {
    points.commit(id, Roots.of(machine.disk()));
    moments.add(machine.disk());
  }

  private int logLength(String name) throws IOException {
    return (int) machine.open(name).sizeBytes();
  }

  private void assertPointsAre(String... ids) throws IOException {
    assertThat(points.points()).extracting(RestorePoint::id).containsExactly(ids);
    for (int at = 0; at < ids.length; at++) {
      try (DiskSource then = points.read(ids[at])) {
        assertSameBytes(readAll(then), moments.get(at));
      }
    }
  }

  @Test
  void noPointIsMadeOfWhatCouldNotBeFlushed() throws Exception {
    AtomicBoolean isFailing = new AtomicBoolean();
    DiskSink failsOnce =
        new ForwardingSink(machine.sink()) {
          @Override
          public void flush() throws IOException {
            if (isFailing.getAndSet(false)) {
              throw new IOException("Input/output error");
            }
            super.flush();
          }
        };
    points = RestorePoints.over(failsOnce, machine.source(), machine, TagMapFile.Moment.UNKNOWN);
    write(0, LEAF_BYTES);
    isFailing.set(true);
    assertThatIOException().isThrownBy(() -> points.commit("four", Roots.of(machine.disk())));

    assertThatIOException()
        .isThrownBy(() -> points.commit("four", Roots.of(machine.disk())))
        .withMessageContaining("may be lost");
    assertThatIOException().isThrownBy(() -> points.sink().flush());
    assertThatIOException().isThrownBy(() -> points.revert("three"));

    points = open();
    assertPointsAre("one", "two", "three");
    commit("four");
    assertPointsAre("one", "two", "three", "four");
  }
}
