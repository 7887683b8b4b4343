package io.switchback.delta.file;

import static io.switchback.delta.TestBytes.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.Geometry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the file system of the sources, because that of temporary files may be memory. */
class ColdReadsTest {
  /** More than the system reads ahead. */
  private static final int SIZE = (1 << 20) + 512;

  private static final byte[] CONTENT = random(1, SIZE);

  private Path file;

  @BeforeEach
  void make() throws Exception {
    file = Files.createTempFile(Files.createDirectories(Path.of("target")), "cold", ".img");
    Files.write(file, CONTENT);
    evict();
  }

  @AfterEach
  void remove() throws IOException {
    Files.delete(file);
  }

  @Test
  void whatTheCacheDoesNotHoldIsReadPastIt() throws Exception {
    try (SparseFile disk = SparseFile.openForReading(file)) {
      assertThat(disk.underWayBytes()).isZero();
      assertThat(read(disk, Geometry.PAGE_BYTES, 2 * Geometry.PAGE_BYTES)).isTrue();
      assertThat(disk.underWayBytes()).isPositive();
    }
    assertThat(isCached(Geometry.PAGE_BYTES)).isFalse();
  }

  @Test
  void whatIsCachedOnlyInPartIsReadWhole() throws Exception {
    try (SparseFile disk = SparseFile.openForReading(file)) {
      cache(Geometry.PAGE_BYTES);
      assertThat(isCached(0)).isTrue();
      assertThat(isCached(SIZE - 512 - Geometry.PAGE_BYTES)).isFalse();
      assertThat(read(disk, 0, SIZE - 512)).isTrue();
    }
  }

  @Test
  void muchIsReadPastTheCacheIntoTheHeapToo() throws Exception {
    try (SparseFile disk = SparseFile.openForReading(file)) {
      for (int again = 0; again < 2; again++) {
        assertThat(readIntoHeap(disk, Geometry.PAGE_BYTES, 128 * Geometry.PAGE_BYTES)).isTrue();
      }
      assertThat(disk.underWayBytes()).isPositive();
    }
    assertThat(isCached(Geometry.PAGE_BYTES)).isFalse();
  }

  @Test
  void littleIntoTheHeapIsReadThroughTheCache() throws Exception {
    try (SparseFile disk = SparseFile.openForReading(file)) {
      assertThat(readIntoHeap(disk, 0, Geometry.PAGE_BYTES)).isTrue();
    }
    assertThat(isCached(0)).isTrue();
  }

  @Test
  void whatTheCacheHoldsComesIntoTheHeap() throws Exception {
    cache(SIZE);
    try (SparseFile disk = SparseFile.openForReading(file)) {
      assertThat(readIntoHeap(disk, 0, SIZE)).isTrue();
      assertThat(readIntoHeap(disk, 511, SIZE / 3)).isTrue();
      assertThat(disk.underWayBytes()).isZero();
    }
  }

  @Test
  void whatDoesNotLieOnPagesIsReadToo() throws Exception {
    try (SparseFile disk = SparseFile.openForReading(file)) {
      assertThat(read(disk, 512, Geometry.PAGE_BYTES)).isTrue();
      assertThat(read(disk, SIZE - 512 - Geometry.PAGE_BYTES, Geometry.PAGE_BYTES + 512)).isTrue();
    }
  }

  @Test
  void whatWasJustWrittenIsRead() throws Exception {
    byte[] fresh = random(2, Geometry.PAGE_BYTES);
    try (SparseFile disk = SparseFile.openForWriting(file)) {
      disk.write(Geometry.PAGE_BYTES, ByteBuffer.wrap(fresh));
      ByteBuffer into = pages(3 * Geometry.PAGE_BYTES);
      disk.read(0, into);
      assertThat(bytes(into.flip(), Geometry.PAGE_BYTES, Geometry.PAGE_BYTES)).isEqualTo(fresh);
    }
  }

  /** Whether the bytes that are there come. */
  private static boolean read(SparseFile disk, int from, int length) throws IOException {
    ByteBuffer into = pages(length);
    disk.read(from, into);
    return into.flip().equals(ByteBuffer.wrap(CONTENT, from, length));
  }

  /** Whether they come into the middle of an array, and nothing beside them. */
  private static boolean readIntoHeap(SparseFile disk, int from, int length) throws IOException {
    byte[] array = new byte[length + 2];
    disk.read(from, ByteBuffer.wrap(array, 1, length));
    return array[0] == 0
        && array[length + 1] == 0
        && ByteBuffer.wrap(array, 1, length).equals(ByteBuffer.wrap(CONTENT, from, length));
  }

  private void cache(int lengthBytes) throws IOException {
    try (FileChannel read = FileChannel.open(file)) {
      assertThat(read.read(ByteBuffer.allocate(lengthBytes))).isEqualTo(lengthBytes);
    }
  }

  private static ByteBuffer pages(int length) {
    return ByteBuffer.allocateDirect(length + 2 * Geometry.PAGE_BYTES)
        .alignedSlice(Geometry.PAGE_BYTES)
        .slice(0, length);
  }

  private static byte[] bytes(ByteBuffer of, int from, int length) {
    byte[] some = new byte[length];
    of.get(from, some);
    return some;
  }

  private boolean isCached(long offsetBytes) throws IOException {
    try (LinuxFile linux = LinuxFile.openForReading(file)) {
      return linux.cachedPages(offsetBytes, Geometry.PAGE_BYTES) == 1;
    }
  }

  /** Takes the file out of the page cache. */
  private void evict() throws IOException, InterruptedException {
    try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    Process dd =
        new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0", "status=none")
            .inheritIO()
            .start();
    assertThat(dd.waitFor()).isZero();
  }
}
