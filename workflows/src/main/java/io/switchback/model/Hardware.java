package io.switchback.model;

import java.util.List;
import java.util.Map;

/**
 * What a VM is made of beside its disks.
 *
 * @param details what only a platform of the same kind understands, as {@code vsphere.guest}: kept
 *     as it was told, so that a replica on such a platform boots as production does
 */
public record Hardware(
    int cpus, long memoryBytes, Firmware firmware, List<Nic> nics, Map<String, String> details) {
  public Hardware {
    new Mistakes()
        .unless(cpus >= 1, "cpus must be at least 1")
        .unless(memoryBytes > 0, "memoryBytes must be positive")
        .unless(firmware != null, "firmware is missing")
        .refuse("hardware");
    nics = nics == null ? List.of() : List.copyOf(nics);
    details = details == null ? Map.of() : Map.copyOf(details);
  }

  /** Without details. */
  public Hardware(int cpus, long memoryBytes, Firmware firmware, List<Nic> nics) {
    this(cpus, memoryBytes, firmware, nics, Map.of());
  }

  /** The same with other cards. */
  public Hardware with(List<Nic> others) {
    return new Hardware(cpus, memoryBytes, firmware, others, details);
  }
}
