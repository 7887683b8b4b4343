package io.switchback.delta.file;

import static io.switchback.delta.TestBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskInUseException;
import io.switchback.delta.DiskShrankException;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSinkContract;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.FencedException;
import io.switchback.delta.Geometry;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileDiskSinkTest extends DiskSinkContract {
  @TempDir Path folder;
  private volatile boolean fenced;

  @Override
  protected DiskSink open(int capacityBytes) throws Exception {
    SparseFile.create(image(), capacityBytes);
    return new FileDiskSink(image(), this::check);
  }

  private void check() throws FencedException {
    if (fenced) {
      throw new FencedException("a newer holder writes " + image() + ".");
    }
  }

  @Override
  protected DiskSource look() throws Exception {
    return new FileDiskSource(image());
  }

  @Override
  protected void raiseFence() {
    fenced = true;
  }

  @Override
  protected void damage(long offsetBytes) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(image().toFile(), "rw")) {
      file.seek(offsetBytes);
      int now = file.read();
      file.seek(offsetBytes);
      file.write(~now);
    }
  }

  @Test
  void aFileThatIsInUseIsRefused() throws Exception {
    assertThatExceptionOfType(DiskInUseException.class)
        .isThrownBy(() -> new FileDiskSink(image(), FenceCheck.UNFENCED))
        .withMessageContaining(image().toString())
        .withMessageContaining("in use");
    try (DiskSource look = look()) {
      assertThat(look.capacityBytes()).as("readers may look").isEqualTo(capacityBytes());
    }
    assertThatExceptionOfType(DiskInUseException.class)
        .as("a reader that went takes no lock away")
        .isThrownBy(() -> new FileDiskSink(image(), FenceCheck.UNFENCED));
  }

  @Test
  void aFileThatWasGivenBackMayBeTakenAgain() throws Exception {
    Path other = folder.resolve("other.img");
    SparseFile.create(other, 4096);
    new FileDiskSink(other, FenceCheck.UNFENCED).close();
    new FileDiskSink(other, FenceCheck.UNFENCED).close();
  }

  @Test
  void aFileThatShrankDoesNotGrowAgain() throws Exception {
    Path other = folder.resolve("other.img");
    SparseFile.create(other, 4L * Geometry.LEAF_BYTES);
    try (DiskSink sink = new FileDiskSink(other, FenceCheck.UNFENCED)) {
      resize(other, Geometry.LEAF_BYTES);
      for (Batch.Piece piece :
          List.of(
              new Batch.Data(3L * Geometry.LEAF_BYTES, ByteBuffer.wrap(random(1, 100))),
              new Batch.Zeros(new ByteRange(3L * Geometry.LEAF_BYTES, 100)))) {
        assertThatExceptionOfType(DiskShrankException.class)
            .isThrownBy(() -> sink.write(new Batch(List.of(piece))))
            .withMessageContaining("262144")
            .withMessageContaining("65536");
      }
      assertThatExceptionOfType(DiskShrankException.class).isThrownBy(sink::flush);
    }
    assertThat(Files.size(other)).isEqualTo(Geometry.LEAF_BYTES);
  }

  private static void resize(Path path, long sizeBytes) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(sizeBytes);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void zerosGiveTheirSpaceBack() throws Exception {
    long size = 4L * 1024 * 1024;
    Path other = folder.resolve("other.img");
    SparseFile.create(other, size);
    try (DiskSink sink = new FileDiskSink(other, FenceCheck.UNFENCED)) {
      byte[] bytes = random(1, (int) size);
      sink.write(new Batch(List.of(new Batch.Data(0, ByteBuffer.wrap(bytes)))));
      sink.flush();
      long full = allocatedBytes(other);
      sink.write(new Batch(List.of(new Batch.Zeros(new ByteRange(0, size / 2)))));
      sink.flush();
      assertThat(allocatedBytes(other)).isLessThanOrEqualTo(full / 2 + Geometry.LEAF_BYTES);
    }
    assertThat(Files.size(other)).isEqualTo(size);
  }

  private static long allocatedBytes(Path path) throws Exception {
    try (SparseFile file = SparseFile.openForReading(path)) {
      return file.data(new ByteRange(0, file.sizeBytes())).stream()
          .mapToLong(ByteRange::lengthBytes)
          .sum();
    }
  }

  private Path image() {
    return folder.resolve("disk.img");
  }
}
