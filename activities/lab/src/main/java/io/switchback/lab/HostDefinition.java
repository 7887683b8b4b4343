package io.switchback.lab;

import java.util.Objects;

/** What a host of a site offers to the VMs that run on it. */
public record HostDefinition(String name, int cpus, long memoryBytes) {
  public HostDefinition {
    Objects.requireNonNull(name, "name");
    Names.check("host name", name);
    if (cpus < 1 || memoryBytes < 1) {
      throw new LabException(
          LabFault.BAD_REQUEST,
          "Host '%s' needs at least 1 CPU and 1 byte of memory, got %d and %d."
              .formatted(name, cpus, memoryBytes));
    }
  }
}
