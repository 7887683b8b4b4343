package io.switchback.delta;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.util.List;

/** Does what every sink must by another one, and nothing that a sink only may. */
public abstract class ForwardingSink implements DiskSink {
  private final DiskSink disk;

  protected ForwardingSink(DiskSink disk) {
    this.disk = disk;
  }

  @Override
  public long capacityBytes() {
    return disk.capacityBytes();
  }

  @Override
  public void write(Batch batch) throws IOException {
    disk.write(batch);
  }

  @Override
  public void flush() throws IOException {
    disk.flush();
  }

  @Override
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    return disk.tags(key, level, ranges);
  }

  @Override
  public void close() throws IOException {
    disk.close();
  }
}
