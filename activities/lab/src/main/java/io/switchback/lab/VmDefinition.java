package io.switchback.lab;

import io.switchback.model.Firmware;
import java.util.ArrayList;
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
 * @param folder in the site's inventory, such as {@code erp/db}; default: its root
 * @param cpus default 1
 * @param memoryBytes default 1 GiB
 * @param firmware default BIOS
 * @param host the only one it may run on; empty, the default, means any
 * @param datastore where its disks are; empty, the default, lets the site choose
 * @param managedBy who looks after it, so that nobody starts it by hand; empty, the default, means
 *     nobody
 */
public record VmDefinition(
    @Nullable String id,
    String name,
    @Nullable List<NetworkCard> networks,
    List<DiskDefinition> disks,
    @Nullable GuestDefinition guest,
    boolean autostart,
    @Nullable String folder,
    @Nullable List<String> tags,
    @Nullable Integer cpus,
    @Nullable Long memoryBytes,
    @Nullable Firmware firmware,
    @Nullable String host,
    @Nullable String datastore,
    @Nullable String managedBy) {

  public VmDefinition {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(disks, "disks");
    id = id == null ? "vm-" + UUID.randomUUID() : id;
    Names.check("VM id", id);
    networks = networks == null ? List.of() : List.copyOf(networks);
    disks = List.copyOf(disks);
    guest = guest == null ? GuestDefinition.usual() : guest;
    folder = folder == null ? "" : folder;
    tags = tags == null ? List.of() : tags.stream().distinct().sorted().toList();
    cpus = cpus == null ? 1 : cpus;
    memoryBytes = memoryBytes == null ? 1L << 30 : memoryBytes;
    firmware = firmware == null ? Firmware.BIOS : firmware;
    host = host == null ? "" : host;
    datastore = datastore == null ? "" : datastore;
    managedBy = managedBy == null ? "" : managedBy;
    Set<String> ids = new HashSet<>();
    disks.forEach(disk -> ids.add(disk.id()));
    require(!name.isBlank(), "A VM needs a name.");
    require(
        !disks.isEmpty() && ids.size() == disks.size(),
        "VM '%s' needs at least one disk, and disk ids that differ.".formatted(name));
    require(
        cpus >= 1 && memoryBytes >= 1,
        "VM '%s' needs at least 1 CPU and 1 byte of memory, got %d and %d."
            .formatted(name, cpus, memoryBytes));
  }

  /** With the default for everything else. */
  public VmDefinition(
      @Nullable String id,
      String name,
      @Nullable List<NetworkCard> networks,
      List<DiskDefinition> disks,
      @Nullable GuestDefinition guest,
      boolean autostart) {
    this(
        id, name, networks, disks, guest, autostart, null, null, null, null, null, null, null,
        null);
  }

  private static void require(boolean isSo, String otherwise) {
    if (!isSo) {
      throw new LabException(LabFault.BAD_REQUEST, otherwise);
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

  @Override
  public String folder() {
    return Objects.requireNonNull(folder);
  }

  @Override
  public List<String> tags() {
    return Objects.requireNonNull(tags);
  }

  @Override
  public Integer cpus() {
    return Objects.requireNonNull(cpus);
  }

  @Override
  public Long memoryBytes() {
    return Objects.requireNonNull(memoryBytes);
  }

  @Override
  public Firmware firmware() {
    return Objects.requireNonNull(firmware);
  }

  @Override
  public String host() {
    return Objects.requireNonNull(host);
  }

  @Override
  public String datastore() {
    return Objects.requireNonNull(datastore);
  }

  @Override
  public String managedBy() {
    return Objects.requireNonNull(managedBy);
  }

  /** With what {@code change} names. */
  public VmDefinition with(VmChange change) {
    return new VmDefinition(
        id,
        change.name() == null ? name : change.name(),
        change.networks() == null ? networks : change.networks(),
        disks,
        guest,
        change.autostart() == null ? autostart : change.autostart(),
        change.folder() == null ? folder : change.folder(),
        change.tags() == null ? tags : change.tags(),
        change.cpus() == null ? cpus : change.cpus(),
        change.memoryBytes() == null ? memoryBytes : change.memoryBytes(),
        change.firmware() == null ? firmware : change.firmware(),
        change.host() == null ? host : change.host(),
        datastore,
        change.managedBy() == null ? managedBy : change.managedBy());
  }

  /** With its disks on {@code newDatastore}. */
  public VmDefinition on(String newDatastore) {
    return new VmDefinition(
        id,
        name,
        networks,
        disks,
        guest,
        autostart,
        folder,
        tags,
        cpus,
        memoryBytes,
        firmware,
        host,
        newDatastore,
        managedBy);
  }

  VmDefinition with(GuestDefinition newGuest) {
    return copy(disks, newGuest);
  }

  VmDefinition with(List<DiskDefinition> newDisks) {
    return copy(newDisks, guest());
  }

  private VmDefinition copy(List<DiskDefinition> newDisks, GuestDefinition newGuest) {
    return new VmDefinition(
        id,
        name,
        networks,
        newDisks,
        newGuest,
        autostart,
        folder,
        tags,
        cpus,
        memoryBytes,
        firmware,
        host,
        datastore,
        managedBy);
  }

  VmDefinition withDisk(DiskDefinition disk) {
    List<DiskDefinition> more = new ArrayList<>(disks);
    more.add(disk);
    return with(more);
  }

  VmDefinition withoutDisk(String disk) {
    return with(disks.stream().filter(one -> !one.id().equals(disk)).toList());
  }

  VmDefinition withCapacity(String disk, long capacityBytes) {
    return with(
        disks.stream()
            .map(
                old ->
                    old.id().equals(disk)
                        ? new DiskDefinition(disk, capacityBytes, old.imageBytes(), old.thick())
                        : old)
            .toList());
  }
}
