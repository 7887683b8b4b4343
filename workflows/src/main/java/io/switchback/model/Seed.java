package io.switchback.model;

import java.util.Map;

/**
 * What a replica begins from, so that only differences travel: a VM that stands at the recovery
 * site already, a restored backup for example.
 *
 * @param vm its name or id at the recovery site; it becomes the replica's VM. On vSphere also the
 *     datastore path of its configuration, as in {@code [fast] old-db/old-db.vmx}, where the files
 *     lie there and no VM is registered
 * @param disks the VM's disk that each production disk begins from, by production disk; empty: in
 *     their order
 */
public record Seed(String vm, Map<String, String> disks) {
  public Seed {
    disks = disks == null ? Map.of() : Map.copyOf(disks);
    new Mistakes().required(vm, "vm").refuse("seed");
  }

  /** Whether it is named by the path of its configuration. */
  public boolean namesAFile() {
    return vm.startsWith("[") && vm.endsWith(".vmx");
  }
}
