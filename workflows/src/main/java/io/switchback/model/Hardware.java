package io.switchback.model;

import java.util.List;

/** What a VM is made of beside its disks. */
public record Hardware(int cpus, long memoryBytes, Firmware firmware, List<Nic> nics) {
  public Hardware {
    new Mistakes()
        .unless(cpus >= 1, "cpus must be at least 1")
        .unless(memoryBytes > 0, "memoryBytes must be positive")
        .unless(firmware != null, "firmware is missing")
        .refuse("hardware");
    nics = nics == null ? List.of() : List.copyOf(nics);
  }
}
