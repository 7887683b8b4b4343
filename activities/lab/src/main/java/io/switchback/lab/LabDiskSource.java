package io.switchback.lab;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangesUnknownException;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskTags;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A disk of a lab snapshot, read from its layers' files. */
public final class LabDiskSource implements DiskSource {
  private final SnapshotReader reader;
  private final DiskTags tags = new DiskTags(this);
  private final Changes changes;

  private LabDiskSource(SnapshotReader reader, Changes changes) {
    this.reader = reader;
    this.changes = changes;
  }

  /** What changed since a change id. */
  private interface Changes {
    List<ByteRange> since(String changeId) throws IOException;
  }

  /**
   * A disk whose changes the site's daemon tells.
   *
   * @param vmId the VM's id at the site
   * @throws LabException NO_SUCH_SNAPSHOT, NO_SUCH_DISK, NO_SUCH_VM, UNREACHABLE
   */
  public static LabDiskSource open(LabClient site, String vmId, String disk, String snapshot)
      throws IOException {
    return new LabDiskSource(
        SnapshotReader.open(site.site().directory(), vmId, disk, snapshot),
        changeId -> changed(site, vmId, disk, snapshot, changeId));
  }

  private static List<ByteRange> changed(
      LabClient site, String vmId, String disk, String snapshot, String changeId)
      throws IOException {
    try {
      return site.changedAreas(vmId, disk, changeId, snapshot);
    } catch (LabException e) {
      if (e.is(LabFault.CHANGE_TRACKING_RESET)) {
        throw new ChangesUnknownException(
            "change tracking was reset: '%s' is not known any more".formatted(changeId));
      }
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * A disk whose daemon need not run.
   *
   * @param siteDirectory of the site's daemon
   * @param vmId the VM's id at the site
   * @throws LabException NO_SUCH_SNAPSHOT, NO_SUCH_DISK
   */
  public static LabDiskSource open(Path siteDirectory, String vmId, String disk, String snapshot)
      throws IOException {
    return new LabDiskSource(
        SnapshotReader.open(siteDirectory, vmId, disk, snapshot),
        changeId -> {
          throw new ChangesUnknownException("the site's daemon was not asked what changed");
        });
  }

  @Override
  public Optional<String> identity() {
    return Optional.of(reader.identity());
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
    return inside(within, reader.allocated());
  }

  @Override
  public List<ByteRange> changedSince(String changeId, ByteRange within) throws IOException {
    return inside(within, changes.since(changeId));
  }

  private List<ByteRange> inside(ByteRange within, List<ByteRange> ranges) {
    if (within.endBytes() > capacityBytes()) {
      throw new IllegalArgumentException(
          "The range %s reaches beyond the end of a disk of %d bytes."
              .formatted(within, capacityBytes()));
    }
    return ranges.stream().flatMap(range -> range.intersection(within).stream()).toList();
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
