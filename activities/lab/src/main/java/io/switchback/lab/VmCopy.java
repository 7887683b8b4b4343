package io.switchback.lab;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the copy of a VM is; its hardware, guest and disks are those of the VM that it is made of.
 *
 * @param id unique at its site for ever
 * @param name unique among the site's present VMs
 * @param networks all of its cards, each in a network that was made for a drill at {@code host}
 * @param folder default: the site's root
 * @param host the only one it may run on
 * @param datastore where its disks are; empty, the default, lets the site choose
 * @param managedBy who looks after it
 */
public record VmCopy(
    String id,
    String name,
    List<NetworkCard> networks,
    @Nullable String folder,
    String host,
    @Nullable String datastore,
    String managedBy) {
  public VmCopy {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(managedBy, "managedBy");
    networks = List.copyOf(networks);
  }

  VmDefinition of(VmDefinition source, List<DiskDefinition> disks) {
    return new VmDefinition(
        id,
        name,
        networks,
        disks,
        source.guest(),
        false,
        folder,
        List.of(),
        source.cpus(),
        source.memoryBytes(),
        source.firmware(),
        host,
        datastore,
        managedBy);
  }
}
