package io.switchback.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who runs on which host, and how full the datastores are. Safe for use by several threads. */
final class SiteRoom {
  static final String FILE = "site.json";

  /** What a powered-on VM takes of its host. */
  private record Seat(String host, int cpus, long memoryBytes) {}

  private final Path file;
  private final Map<String, Seat> seats = new LinkedHashMap<>();
  private final Map<String, Space> spaces = new LinkedHashMap<>();
  private final IsolatedNetworks isolated;
  private SiteResources resources;

  private SiteRoom(Path file, SiteResources resources, IsolatedNetworks isolated) {
    this.file = file;
    this.isolated = isolated;
    this.resources = resources;
    resources
        .datastores()
        .forEach(one -> spaces.put(one.name(), new Space(one.name(), one.capacityBytes())));
  }

  /**
   * Reads the site's file; when it is absent, writes it with one generous host and datastore.
   *
   * @param given replaces what the file says
   */
  static SiteRoom open(Path directory, @Nullable SiteResources given) throws IOException {
    Path file = directory.resolve(FILE);
    Files.createDirectories(directory);
    if (given != null || !Files.exists(file)) {
      store(file, given == null ? SiteResources.usual() : given);
    }
    try {
      return new SiteRoom(
          file,
          Json.readRequest(Files.readAllBytes(file), SiteResources.class),
          IsolatedNetworks.open(directory));
    } catch (LabException e) {
      throw new IOException("'%s' is not valid: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** The networks that were made for drills. */
  IsolatedNetworks isolated() {
    return isolated;
  }

  private static void store(Path file, SiteResources resources) throws IOException {
    Path fresh = file.resolveSibling(FILE + ".new");
    Files.write(fresh, Json.write(resources));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Gives the site other hosts and datastores. VMs that run stay where they are, even where that is
   * more than a host has now.
   *
   * @throws LabException BAD_REQUEST when a host or datastore that is in use would go
   */
  synchronized void change(SiteResources next) throws IOException {
    List<String> hosts = next.hosts().stream().map(HostDefinition::name).toList();
    List<String> datastores = next.datastores().stream().map(DatastoreDefinition::name).toList();
    for (Seat seat : seats.values()) {
      requireStays("host", seat.host(), hosts);
    }
    for (Space space : spaces.values()) {
      if (space.usedBytes() > 0) {
        requireStays("datastore", space.datastore(), datastores);
      }
    }
    store(file, next);
    resources = next;
    spaces.values().forEach(space -> space.resize(0));
    next.datastores().forEach(one -> space(one.name()).resize(one.capacityBytes()));
  }

  private static void requireStays(String what, String name, List<String> left) {
    if (!left.contains(name)) {
      throw new LabException(
          LabFault.BAD_REQUEST,
          "The %s '%s' is in use and cannot go. Name it too, or move what is on it."
              .formatted(what, name));
    }
  }

  /**
   * The bytes of a datastore. One that the site's file no longer names has a capacity of 0, so that
   * its VMs can be read and not written.
   *
   * @param datastore empty = the site's first
   */
  synchronized Space space(String datastore) {
    String name = datastore.isEmpty() ? resources.datastores().getFirst().name() : datastore;
    return spaces.computeIfAbsent(name, each -> new Space(each, 0));
  }

  /** The definition with a datastore: the one it names, else the one with most room. */
  synchronized VmDefinition placed(VmDefinition definition) {
    checkHost(definition.host());
    checkFolder(definition.folder());
    checkNetworks(definition.networks());
    if (definition.datastore().isEmpty()) {
      String roomiest =
          resources.datastores().stream()
              .map(one -> space(one.name()))
              .max(Comparator.comparingLong(Space::freeBytes))
              .orElseThrow()
              .datastore();
      return definition.on(roomiest);
    }
    if (resources.datastores().stream()
        .noneMatch(one -> one.name().equals(definition.datastore()))) {
      throw new LabException(
          LabFault.BAD_REQUEST,
          "This site has no datastore '%s', only %s."
              .formatted(
                  definition.datastore(),
                  resources.datastores().stream().map(DatastoreDefinition::name).toList()));
    }
    return definition;
  }

  synchronized void checkHost(String host) {
    if (!host.isEmpty() && resources.hosts().stream().noneMatch(one -> one.name().equals(host))) {
      throw new LabException(
          LabFault.BAD_REQUEST,
          "This site has no host '%s', only %s."
              .formatted(host, resources.hosts().stream().map(HostDefinition::name).toList()));
    }
  }

  synchronized void checkFolder(String folder) {
    List<String> folders = resources.folders();
    if (folders != null && !folder.isEmpty() && !folders.contains(folder)) {
      throw new LabException(
          LabFault.BAD_REQUEST,
          "This site has no folder '%s', only %s.".formatted(folder, folders));
    }
  }

  synchronized void checkNetworks(List<NetworkCard> cards) {
    List<String> networks = resources.networks();
    for (NetworkCard card : cards) {
      if (networks != null
          && !networks.contains(card.network())
          && isolated.find(card.network()).isEmpty()) {
        throw new LabException(
            LabFault.BAD_REQUEST,
            "This site has no network '%s', only %s.".formatted(card.network(), networks));
      }
    }
  }

  /**
   * Takes CPUs and memory for a VM that is about to run: on its own host, else on the one with most
   * memory free.
   *
   * @throws LabException NO_HOST_CAPACITY, saying what each host has left
   */
  synchronized void seat(VmDefinition vm) {
    List<ResourcesView.Host> asked =
        hosts().stream()
            .filter(host -> vm.host().isEmpty() || vm.host().equals(host.name()))
            .toList();
    ResourcesView.Host chosen =
        asked.stream()
            .filter(
                host -> host.freeCpus() >= vm.cpus() && host.freeMemoryBytes() >= vm.memoryBytes())
            .max(Comparator.comparingLong(ResourcesView.Host::freeMemoryBytes))
            .orElseThrow(() -> noRoom(vm, asked));
    seats.put(vm.id(), new Seat(chosen.name(), vm.cpus(), vm.memoryBytes()));
  }

  private static LabException noRoom(VmDefinition vm, List<ResourcesView.Host> hosts) {
    List<String> left = new ArrayList<>();
    for (ResourcesView.Host host : hosts) {
      left.add(
          "%s has %d CPUs and %d MiB left"
              .formatted(host.name(), host.freeCpus(), host.freeMemoryBytes() >> 20));
    }
    return new LabException(
        LabFault.NO_HOST_CAPACITY,
        "No host has room for VM '%s', which needs %d CPUs and %d MiB of memory: %s."
            .formatted(vm.name(), vm.cpus(), vm.memoryBytes() >> 20, String.join(", ", left)));
  }

  synchronized void leave(String vmId) {
    seats.remove(vmId);
  }

  /** Where a VM runs, or empty. */
  synchronized String hostOf(String vmId) {
    Seat seat = seats.get(vmId);
    return seat == null ? "" : seat.host();
  }

  private List<ResourcesView.Host> hosts() {
    List<ResourcesView.Host> all = new ArrayList<>();
    for (HostDefinition host : resources.hosts()) {
      List<Seat> taken =
          seats.values().stream().filter(seat -> seat.host().equals(host.name())).toList();
      int cpus = taken.stream().mapToInt(Seat::cpus).sum();
      long memory = taken.stream().mapToLong(Seat::memoryBytes).sum();
      all.add(
          new ResourcesView.Host(
              host.name(),
              host.cpus(),
              Math.max(0, host.cpus() - cpus),
              host.memoryBytes(),
              Math.max(0, host.memoryBytes() - memory)));
    }
    return all;
  }

  synchronized ResourcesView look() {
    List<ResourcesView.Datastore> stores =
        spaces.values().stream()
            .filter(space -> space.capacityBytes() > 0 || space.usedBytes() > 0)
            .map(
                space ->
                    new ResourcesView.Datastore(
                        space.datastore(),
                        space.capacityBytes(),
                        space.usedBytes(),
                        space.freeBytes()))
            .toList();
    return new ResourcesView(
        hosts(), stores, resources.networks(), resources.folders(), Instant.now());
  }

  synchronized SiteResources resources() {
    return Objects.requireNonNull(resources);
  }
}
