package io.switchback.lab;

import java.util.Objects;

/** Where a site's VMs keep their disks. */
public record DatastoreDefinition(String name, long capacityBytes) {
  public DatastoreDefinition {
    Objects.requireNonNull(name, "name");
    Names.check("datastore name", name);
    if (capacityBytes < 1) {
      throw new LabException(
          LabFault.BAD_REQUEST,
          "Datastore '%s' needs a capacity above 0 bytes, got %d.".formatted(name, capacityBytes));
    }
  }
}
