package io.switchback.lab;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskTags;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A disk of a lab snapshot, read from its layers' files. */
public final class LabDiskSource implements DiskSource {
  private final SnapshotReader reader;

  private final DiskTags tags = new DiskTags(this);

  private LabDiskSource(SnapshotReader reader) {
    this.reader = reader;
  }

  /**
   * @param siteDirectory of the site's daemon
   * @param vmId the VM's id at the site
   * @throws LabException NO_SUCH_SNAPSHOT, NO_SUCH_DISK
   */
  public static LabDiskSource open(Path siteDirectory, String vmId, String disk, String snapshot)
      throws IOException {
    return new LabDiskSource(SnapshotReader.open(siteDirectory, vmId, disk, snapshot));
  }

  @Override
  public long capacityBytes() {
    return reader.capacityBytes();
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    reader.read(offsetBytes, into);
  }

  @Override
  public List<ByteRange> allocated(ByteRange within) {
    if (within.endBytes() > capacityBytes()) {
      throw new IllegalArgumentException(
          "The range %s reaches beyond the end of a disk of %d bytes."
              .formatted(within, capacityBytes()));
    }
    return reader.allocated().stream()
        .flatMap(range -> range.intersection(within).stream())
        .toList();
  }

  @Override
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    return tags.tags(key, level, ranges);
  }

  @Override
  public long taggedBytes() {
    return tags.readBytes();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
