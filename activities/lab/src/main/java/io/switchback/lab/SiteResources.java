package io.switchback.lab;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The hosts and datastores of a site. What is absent is one of each, with room for hundreds of VMs.
 *
 * @param networks that VMs can be on; absent = any, by whatever name
 * @param folders that VMs can be in; absent = any, by whatever name
 */
public record SiteResources(
    @Nullable List<HostDefinition> hosts,
    @Nullable List<DatastoreDefinition> datastores,
    @Nullable List<String> networks,
    @Nullable List<String> folders) {
  private static final long TIB = 1L << 40;

  public SiteResources {
    hosts = hosts == null ? List.of(new HostDefinition("host-1", 1024, 4 * TIB)) : hosts;
    datastores =
        datastores == null ? List.of(new DatastoreDefinition("datastore-1", 16 * TIB)) : datastores;
    hosts = List.copyOf(hosts);
    datastores = List.copyOf(datastores);
    networks = networks == null ? null : List.copyOf(networks);
    folders = folders == null ? null : List.copyOf(folders);
    requireDifferent("host", hosts.stream().map(HostDefinition::name).toList());
    requireDifferent("datastore", datastores.stream().map(DatastoreDefinition::name).toList());
  }

  /** With any networks and folders. */
  public SiteResources(
      @Nullable List<HostDefinition> hosts, @Nullable List<DatastoreDefinition> datastores) {
    this(hosts, datastores, null, null);
  }

  private static void requireDifferent(String what, List<String> names) {
    Set<String> different = new HashSet<>(names);
    if (names.isEmpty() || different.size() != names.size()) {
      throw new LabException(
          LabFault.BAD_REQUEST,
          "A site needs at least one %s, and names that differ, got %s.".formatted(what, names));
    }
  }

  @Override
  public List<HostDefinition> hosts() {
    return Objects.requireNonNull(hosts);
  }

  @Override
  public List<DatastoreDefinition> datastores() {
    return Objects.requireNonNull(datastores);
  }

  /** One host and one datastore, generous. */
  public static SiteResources usual() {
    return new SiteResources(null, null);
  }
}
