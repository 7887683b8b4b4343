package io.switchback.model;

import java.util.List;

/**
 * What a VM fails over to.
 *
 * @param id from the registry; operations hang on it, never on the name
 * @param name of the protected VM, for people
 * @param networks of the replica, by the recovery site's names
 */
public record Replica(
    String id,
    String name,
    VmRef production,
    VmRef recovery,
    List<DiskPair> disks,
    List<String> networks) {
  public Replica {
    new Mistakes()
        .required(id, "id")
        .required(name, "name")
        .unless(production != null, "production is missing")
        .unless(recovery != null, "recovery is missing")
        .unless(disks != null && !disks.isEmpty(), "a replica has at least one disk")
        .refuse("replica");
    disks = List.copyOf(disks);
    networks = List.copyOf(networks);
  }

  @Override
  public String toString() {
    return "replica '" + name + "' (" + id + ")";
  }
}
