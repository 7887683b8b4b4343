package io.switchback.delta.file;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskTags;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A disk in a file, or on a block device, that nobody writes while this is open. */
public final class FileDiskSource implements DiskSource {
  private final SparseFile file;
  private final DiskTags tags = new DiskTags(this);

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
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    return tags.tags(key, level, ranges);
  }

  @Override
  public Optional<DiskSource> near() {
    return Optional.of(this);
  }

  @Override
  public long taggedBytes() {
    return tags.readBytes();
  }

  @Override
  public long underWayBytes() {
    return file.underWayBytes();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
