package io.switchback.lab;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a VM.
 *
 * @param id unique at the site
 * @param parent the snapshot that the VM stood on, or null
 * @param disks by disk id
 */
public record SnapshotState(
    String id,
    String name,
    @Nullable String parent,
    Instant takenAt,
    boolean quiesced,
    Map<String, Point> disks) {

  /**
   * Where a disk stood: the layer that the snapshot froze and the change id at that moment.
   *
   * @param imageBytes as the disk's definition had it
   */
  public record Point(String layer, String changeId, long capacityBytes, long imageBytes) {
    DiskDefinition definition(String disk) {
      return new DiskDefinition(disk, capacityBytes, imageBytes);
    }

    Point movedTo(String otherLayer) {
      return new Point(otherLayer, changeId, capacityBytes, imageBytes);
    }
  }

  public SnapshotState {
    disks = Collections.unmodifiableMap(new LinkedHashMap<>(disks));
  }
}
