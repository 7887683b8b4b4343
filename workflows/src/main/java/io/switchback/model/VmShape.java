package io.switchback.model;

import java.util.List;

/** What a replica must have like its production VM: name, hardware and disks. */
public record VmShape(String name, Hardware hardware, List<DiskShape> disks) {
  public VmShape {
    new Mistakes()
        .required(name, "name")
        .unless(hardware != null, "hardware is missing")
        .unless(disks != null && !disks.isEmpty(), "a VM has at least one disk")
        .refuse("shape");
    disks = List.copyOf(disks);
  }

  /** The shape that a site's inventory tells of. */
  public static VmShape of(VmProfile profile) {
    return new VmShape(profile.vm().name(), profile.hardware(), profile.disks());
  }
}
