package io.switchback.model;

/**
 * A production disk and the replica's disk that follows it; ids are unique per site, the capacity
 * is in bytes.
 */
public record DiskPair(String productionDisk, String recoveryDisk, long capacityBytes) {
  public DiskPair {
    new Mistakes()
        .required(productionDisk, "productionDisk")
        .required(recoveryDisk, "recoveryDisk")
        .unless(capacityBytes > 0, "capacityBytes must be positive")
        .refuse("disk pair");
  }

  /** The pair for the way back, on which the replica's disk is the one that is followed. */
  public DiskPair reversed() {
    return new DiskPair(
        /* productionDisk= */ recoveryDisk, /* recoveryDisk= */ productionDisk, capacityBytes);
  }
}
