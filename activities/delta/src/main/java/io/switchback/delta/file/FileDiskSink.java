package io.switchback.delta.file;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskTags;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A disk in a file that exists and has its size, or on a block device. Nobody else may write it
 * while this is open. Zeros become holes where they can.
 */
public final class FileDiskSink implements DiskSink {
  private final SparseFile file;
  private final DiskSource readBack;
  private final FenceCheck fence;

  public FileDiskSink(Path path, FenceCheck fence) throws IOException {
    this.file = SparseFile.openForWriting(path);
    try {
      this.readBack = new FileDiskSource(path);
    } catch (IOException | RuntimeException failed) {
      file.close();
      throw failed;
    }
    this.fence = fence;
  }

  @Override
  public long capacityBytes() {
    return file.sizeBytes();
  }

  @Override
  public void write(Batch batch) throws IOException {
    batch.checkInside(capacityBytes());
    fence.check();
    for (Batch.Piece piece : batch.pieces()) {
      switch (piece) {
        case Batch.Data data -> file.write(data.offsetBytes(), data.bytes());
        case Batch.Zeros zeros -> file.zero(zeros.range());
      }
    }
  }

  @Override
  public void flush() throws IOException {
    fence.check();
    file.force();
  }

  @Override
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    return DiskTags.of(readBack, key, level, ranges);
  }

  @Override
  public void close() throws IOException {
    try (readBack) {
      file.close();
    }
  }
}
