package io.switchback.model;

/** A disk as its hypervisor describes it; the id is unique per site. */
public record DiskShape(String id, long capacityBytes) {
  public DiskShape {
    new Mistakes()
        .required(id, "id")
        .unless(capacityBytes > 0, "capacityBytes must be positive")
        .refuse("disk");
  }
}
