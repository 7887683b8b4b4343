package io.switchback.vsphere;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSource;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A snapshot's disk, read as a device of this worker's VM; closing detaches it. */
final class VsphereDiskSource implements DiskSource {
  private final FrozenDisk frozen;
  private final Attached attached;
  private final DiskSource device;

  VsphereDiskSource(FrozenDisk frozen, Attached attached, DiskSource device) {
    this.frozen = frozen;
    this.attached = attached;
    this.device = device;
  }

  @Override
  public long capacityBytes() {
    return device.capacityBytes();
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    device.read(offsetBytes, into);
  }

  @Override
  public Optional<String> identity() {
    return Optional.of(frozen.identity());
  }

  @Override
  public List<ByteRange> allocated(ByteRange within) throws IOException {
    return device.allocated(within);
  }

  @Override
  public List<ByteRange> changedSince(String changeId, ByteRange within) throws IOException {
    return TrackedChanges.of(frozen, changeId, within);
  }

  @Override
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    return device.tags(key, level, ranges);
  }

  @Override
  public Optional<DiskSource> near() {
    return device.near();
  }

  @Override
  public long taggedBytes() {
    return device.taggedBytes();
  }

  @Override
  public long underWayBytes() {
    return device.underWayBytes();
  }

  @Override
  public void close() throws IOException {
    try (attached) {
      device.close();
    }
  }
}
