package io.switchback.delta.file;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A disk in a file, or on a block device, that nobody writes while this is open. */
public final class FileDiskSource implements DiskSource {
  private final SparseFile file;

  public FileDiskSource(Path path) throws IOException {
    this.file = SparseFile.openForReading(path);
  }

  @Override
  public long capacityBytes() {
    return file.sizeBytes();
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    file.read(offsetBytes, into);
  }

  @Override
  public List<ByteRange> allocated(ByteRange within) throws IOException {
    return file.data(within);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
