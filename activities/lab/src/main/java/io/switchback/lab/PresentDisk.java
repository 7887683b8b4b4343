package io.switchback.lab;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskTags;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A VM's disk as its daemon sees it at each call, so that it can be tagged where it is. Unlike
 * other sources it is not one moment: nobody keeps it for longer than one answer.
 */
record PresentDisk(VmTransfers transfers, String disk, long capacityBytes) implements DiskSource {
  @Override
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    transfers.read(disk, null, offsetBytes, into.slice());
    into.position(into.limit());
  }

  @Override
  public List<ByteRange> allocated(ByteRange within) {
    return transfers.allocated(disk).stream()
        .flatMap(range -> range.intersection(within).stream())
        .toList();
  }

  @Override
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    return DiskTags.of(this, key, level, ranges);
  }

  @Override
  public long taggedBytes() {
    return 0;
  }

  @Override
  public void close() {}
}
