package io.switchback.delta;

import static org.assertj.core.api.Assertions.assertThat;

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
    try (SparseFile file = SparseFile.openForWriting(image())) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(offsetBytes, one);
      file.write(offsetBytes, ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void zerosGiveTheirSpaceBack() throws Exception {
    long size = 4L * 1024 * 1024;
    Path other = folder.resolve("other.img");
    SparseFile.create(other, size);
    try (DiskSink sink = new FileDiskSink(other, FenceCheck.UNFENCED)) {
      byte[] bytes = TestBytes.random(1, (int) size);
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
