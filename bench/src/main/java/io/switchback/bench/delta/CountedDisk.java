package io.switchback.bench.delta;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSource;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Counts what is read of a disk, for tags and to be copied, also after it was closed. */
final class CountedDisk implements DiskSource {
  private final DiskSource disk;
  private final Consumer<CountedDisk> closed;
  private final LongAdder copied = new LongAdder();

  /**
   * @param closed is told when it is
   */
  CountedDisk(DiskSource disk, Consumer<CountedDisk> closed) {
    this.disk = disk;
    this.closed = closed;
  }

  long allReadBytes() {
    return copied.sum() + disk.taggedBytes();
  }

  @Override
  public long capacityBytes() {
    return disk.capacityBytes();
  }

  @Override
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    return disk.tags(key, level, ranges);
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    copied.add(into.remaining());
    disk.read(offsetBytes, into);
  }

  @Override
  public List<ByteRange> allocated(ByteRange within) throws IOException {
    return disk.allocated(within);
  }

  @Override
  public long taggedBytes() {
    return disk.taggedBytes();
  }

  @Override
  public long underWayBytes() {
    return disk.underWayBytes();
  }

  @Override
  public void close() throws IOException {
    disk.close();
    closed.accept(this);
  }
}
