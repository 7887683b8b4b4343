package io.switchback.delta;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Does what every source must by another one, and nothing that a source only may. */
public abstract class ForwardingSource implements DiskSource {
  private final DiskSource disk;

  protected ForwardingSource(DiskSource disk) {
    this.disk = disk;
  }

  @Override
  public long capacityBytes() {
    return disk.capacityBytes();
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    disk.read(offsetBytes, into);
  }

  @Override
  public List<ByteRange> allocated(ByteRange within) throws IOException {
    return disk.allocated(within);
  }

  @Override
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    return disk.tags(key, level, ranges);
  }

  @Override
  public long taggedBytes() {
    return disk.taggedBytes();
  }

  @Override
  public void close() throws IOException {
    disk.close();
  }
}
