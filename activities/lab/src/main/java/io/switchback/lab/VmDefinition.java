package io.switchback.lab;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a VM is, apart from what it does.
 *
 * @param id unique at its site for ever; made when absent
 * @param name unique among the site's present VMs
 * @param autostart powered on again when the host comes back after a crash
 */
public record VmDefinition(
    @Nullable String id,
    String name,
    @Nullable List<NetworkCard> networks,
    List<DiskDefinition> disks,
    @Nullable GuestDefinition guest,
    boolean autostart) {

  public VmDefinition {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(disks, "disks");
    id = id == null ? "vm-" + UUID.randomUUID() : id;
    Names.check("VM id", id);
    networks = networks == null ? List.of() : List.copyOf(networks);
    disks = List.copyOf(disks);
    guest = guest == null ? GuestDefinition.usual() : guest;
    Set<String> ids = new HashSet<>();
    disks.forEach(disk -> ids.add(disk.id()));
    if (disks.isEmpty() || ids.size() != disks.size()) {
      throw new LabException(
          LabFault.BAD_REQUEST,
          "VM '%s' needs at least one disk, and disk ids that differ.".formatted(name));
    }
  }

  @Override
  public String id() {
    return Objects.requireNonNull(id);
  }

  @Override
  public List<NetworkCard> networks() {
    return Objects.requireNonNull(networks);
  }

  @Override
  public GuestDefinition guest() {
    return Objects.requireNonNull(guest);
  }

  VmDefinition with(GuestDefinition newGuest) {
    return new VmDefinition(id, name, networks, disks, newGuest, autostart);
  }

  VmDefinition withCapacity(String disk, long capacityBytes) {
    List<DiskDefinition> grown =
        disks.stream()
            .map(
                old ->
                    old.id().equals(disk)
                        ? new DiskDefinition(disk, capacityBytes, old.imageBytes())
                        : old)
            .toList();
    return new VmDefinition(id, name, networks, grown, guest, autostart);
  }
}
