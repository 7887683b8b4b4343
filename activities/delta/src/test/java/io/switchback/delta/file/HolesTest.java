package io.switchback.delta.file;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.Geometry.PAGE_BYTES;
import static io.switchback.delta.TestBytes.assertSameBytes;
import static io.switchback.delta.TestBytes.random;
import static io.switchback.delta.TestBytes.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.FencedException;
import io.switchback.delta.ForwardingSource;
import io.switchback.delta.Rung;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.TransferResult;
import io.switchback.delta.undo.RestorePoints;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a sparse disk's copy takes of the file system. */
@EnabledOnOs(OS.LINUX)
class HolesTest {
  private static final int CAPACITY = 60 * LEAF_BYTES + 512;
  private static final ChangedAreas UNKNOWN = new ChangedAreas.Unknown("it is the first");
  private static final ChangedAreas COMPARED = new ChangedAreas.Compared("nobody knows");

  @TempDir Path folder;
  private final byte[] content = new byte[CAPACITY];

  enum Target {
    /** One hole. */
    THIN,
    /** Written all over. */
    DENSE
  }

  @ParameterizedTest
  @EnumSource
  void aLittleInEachLeafTakesALittleOfTheCopy(Target target) throws Exception {
    writeALittleOfEachLeaf();
    makeTarget(target == Target.DENSE ? random(9, CAPACITY) : new byte[0]);
    transfer(UNKNOWN);
    assertThinCopy();
  }

  @Test
  void restorePointsKeepWhatAThinCopyReplaces() throws Exception {
    writeALittleOfEachLeaf();
    byte[] old = random(9, CAPACITY);
    makeTarget(old);
    try (RestorePoints points = points()) {
      points.commit("old", transfer(points, old, "old", COMPARED).proof());
      TransferResult result = transfer(points, content, "new", COMPARED);
      assertThinCopy();
      points.commit("new", result.proof());
      try (DiskSource view = points.read("old")) {
        assertSameBytes(readAll(view), old);
      }
      points.revert("old");
    }
    assertSameBytes(Files.readAllBytes(target()), old);
  }

  enum Way {
    NEAR,
    FAR
  }

  @ParameterizedTest
  @EnumSource
  void aThickCopyBecomesThinWhenItIsCompared(Way way) throws Exception {
    writeSomeLeaves();
    makeTarget(content);
    assertThat(allocatedBytes(target())).isGreaterThan(CAPACITY - LEAF_BYTES);
    try (DiskSource source = open(way);
        DiskSink sink =
            new FileDiskSink(target(), FenceCheck.UNFENCED, folder.resolve("state"), "noon")) {
      TransferResult result = new Transfer(source, sink, COMPARED, TransferObserver.NONE).run();
      assertThat(result.coveredBytes()).as("they are equal").isZero();
    }
    assertThinCopy();
    assertThat(transfer(COMPARED).rung()).as("and known").isEqualTo(Rung.STORED_DIGESTS);
  }

  @Test
  void aThickDiskWithRestorePointsBecomesThinAndStaysAtItsPoint() throws Exception {
    writeSomeLeaves();
    makeTarget(content);
    byte[] next = content.clone();
    next[3 * LEAF_BYTES] = 7;
    try (RestorePoints points = points()) {
      TransferResult first = transfer(points, next, "first", COMPARED);
      points.commit("first", first.proof());
      makeThick(next);
      TransferResult second =
          transfer(points, next, "second", new ChangedAreas.Compared("policy", true));
      assertThat(second.coveredBytes()).isZero();
      assertThat(points.isInterrupted()).as("nothing was changed").isFalse();
      assertThat(allocatedBytes(target())).isLessThan(CAPACITY / 2);
      try (DiskSource view = points.read("first")) {
        assertSameBytes(readAll(view), next);
      }
    }
    assertSameBytes(Files.readAllBytes(target()), next);
  }

  @Test
  void aNewerHolderKeepsWhatItTakes() throws Exception {
    makeTarget(content);
    try (DiskSink sink =
        new FileDiskSink(
            target(),
            () -> {
              throw new FencedException("a newer holder writes.");
            })) {
      assertThatExceptionOfType(FencedException.class)
          .isThrownBy(() -> sink.giveBack(new ByteRange(0, LEAF_BYTES)));
    }
    assertThat(allocatedBytes(target())).isGreaterThan(CAPACITY - LEAF_BYTES);
  }

  private void writeALittleOfEachLeaf() throws Exception {
    for (int at = 3 * PAGE_BYTES; at + PAGE_BYTES < CAPACITY; at += LEAF_BYTES) {
      put(at, random(at, PAGE_BYTES));
    }
    makeSource();
  }

  private void writeSomeLeaves() throws Exception {
    for (int leaf = 0; leaf < CAPACITY / LEAF_BYTES; leaf += 9) {
      put(leaf * LEAF_BYTES, random(leaf, LEAF_BYTES));
    }
    makeSource();
  }

  private void put(int at, byte[] bytes) {
    System.arraycopy(bytes, 0, content, at, bytes.length);
  }

  private void makeSource() throws Exception {
    SparseFile.create(source(), CAPACITY);
    try (SparseFile file = SparseFile.openForWriting(source())) {
      for (int at = 0; at < CAPACITY; at += PAGE_BYTES) {
        int length = Math.min(PAGE_BYTES, CAPACITY - at);
        boolean isZero = true;
        for (int one = at; one < at + length && isZero; one++) {
          isZero = content[one] == 0;
        }
        if (!isZero) {
          file.write(at, ByteBuffer.wrap(content, at, length));
        }
      }
      file.force();
    }
  }

  /** Every byte of {@code bytes} is written, zeros too; the rest is a hole. */
  private void makeTarget(byte[] bytes) throws Exception {
    SparseFile.create(target(), CAPACITY);
    makeThick(bytes);
  }

  private void makeThick(byte[] bytes) throws Exception {
    try (var file = new java.io.RandomAccessFile(target().toFile(), "rw")) {
      file.write(bytes);
      file.getFD().sync();
    }
  }

  private void assertThinCopy() throws Exception {
    assertSameBytes(Files.readAllBytes(target()), content);
    assertThat(allocatedBytes(target()))
        .isLessThanOrEqualTo(allocatedBytes(source()) * 101 / 100 + 2 * PAGE_BYTES);
  }

  private TransferResult transfer(ChangedAreas changes) throws Exception {
    try (DiskSource source = open(Way.NEAR);
        DiskSink sink =
            new FileDiskSink(target(), FenceCheck.UNFENCED, folder.resolve("state"), "later")) {
      return new Transfer(source, sink, changes, TransferObserver.NONE).run();
    }
  }

  private TransferResult transfer(
      RestorePoints points, byte[] bytes, String name, ChangedAreas changes) throws Exception {
    Path image = folder.resolve(name);
    Files.write(image, bytes);
    try (DiskSource source = new FileDiskSource(image)) {
      return new Transfer(source, points.sink(name), changes, TransferObserver.NONE).run();
    }
  }

  private DiskSource open(Way way) throws Exception {
    DiskSource near = new FileDiskSource(source());
    return way == Way.NEAR ? near : new ForwardingSource(near) {};
  }

  private RestorePoints points() throws Exception {
    return RestorePoints.open(
        target(), Files.createDirectories(folder.resolve("points")), FenceCheck.UNFENCED);
  }

  private static long allocatedBytes(Path path) throws Exception {
    try (SparseFile file = SparseFile.openForReading(path)) {
      return file.data(new ByteRange(0, file.sizeBytes())).stream()
          .mapToLong(ByteRange::lengthBytes)
          .sum();
    }
  }

  private Path source() {
    return folder.resolve("source.img");
  }

  private Path target() {
    return folder.resolve("target.img");
  }
}
