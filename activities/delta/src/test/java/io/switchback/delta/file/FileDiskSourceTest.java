package io.switchback.delta.file;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.TestBytes.read;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskShrankException;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskSourceContract;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDiskSourceTest extends DiskSourceContract {
  @TempDir Path folder;

  @Override
  protected DiskSource open(byte[] content) throws Exception {
    Path image = folder.resolve("disk.img");
    SparseFile.create(image, content.length);
    try (SparseFile file = SparseFile.openForWriting(image)) {
      for (int at = 0; at < content.length; at += LEAF_BYTES) {
        int end = Math.min(at + LEAF_BYTES, content.length);
        if (!Arrays.equals(content, at, end, new byte[end - at], 0, end - at)) {
          file.write(at, ByteBuffer.wrap(content, at, end - at));
        }
      }
    }
    return new FileDiskSource(image);
  }

  @Test
  void aFileThatShrankIsNotReadAsZeros() throws Exception {
    Path other = folder.resolve("other.img");
    SparseFile.create(other, 4L * LEAF_BYTES);
    try (DiskSource source = new FileDiskSource(other)) {
      try (RandomAccessFile file = new RandomAccessFile(other.toFile(), "rw")) {
        file.setLength(LEAF_BYTES);
      }
      assertThatExceptionOfType(DiskShrankException.class)
          .as("what was cut off looks like a hole")
          .isThrownBy(() -> source.allocated(new ByteRange(2L * LEAF_BYTES, LEAF_BYTES)));
      assertThatExceptionOfType(DiskShrankException.class)
          .isThrownBy(() -> read(source, 2L * LEAF_BYTES, 100))
          .withMessageContaining("262144")
          .withMessageContaining("65536");
    }
  }
}
