package io.switchback.model;

import java.util.List;

/** What a site's inventory says of a VM. */
public record VmProfile(
    VmRef vm,
    PowerState power,
    Hardware hardware,
    List<DiskShape> disks,
    Placement placement,
    List<String> tags) {
  public VmProfile {
    new Mistakes()
        .unless(vm != null, "vm is missing")
        .unless(power != null, "power is missing")
        .unless(hardware != null, "hardware is missing")
        .unless(placement != null, "placement is missing")
        .refuse("vm profile");
    disks = List.copyOf(disks);
    tags = tags == null ? List.of() : List.copyOf(tags);
  }
}
