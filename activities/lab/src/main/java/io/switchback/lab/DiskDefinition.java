package io.switchback.lab;

import java.util.Objects;

/**
 * One virtual disk.
 *
 * @param capacityBytes a multiple of 64 KiB, at least 128 KiB
 * @param imageBytes random bytes written at the end of the new disk, as an installed system would
 *     be; rounded up to 64 KiB
 * @param thick whether all of the new disk is taken from its datastore at once, as zeros
 */
public record DiskDefinition(String id, long capacityBytes, long imageBytes, boolean thick) {
  public DiskDefinition {
    Objects.requireNonNull(id, "id");
    Names.check("disk id", id);
    if (capacityBytes < 2L * Layer.GRAIN || capacityBytes % Layer.GRAIN != 0) {
      throw new LabException(
          LabFault.BAD_REQUEST,
          "The capacity of disk '%s' must be a multiple of 65536 and at least 131072, got %d."
              .formatted(id, capacityBytes));
    }
    if (imageBytes < 0 || imageBytes > capacityBytes - 2L * Layer.GRAIN) {
      throw new LabException(
          LabFault.BAD_REQUEST,
          "The image of disk '%s' must leave 131072 of its %d bytes free, got %d."
              .formatted(id, capacityBytes, imageBytes));
    }
  }

  /** One that takes room as it is written. */
  public DiskDefinition(String id, long capacityBytes, long imageBytes) {
    this(id, capacityBytes, imageBytes, false);
  }

  public static DiskDefinition empty(String id, long capacityBytes) {
    return new DiskDefinition(id, capacityBytes, 0);
  }
}
