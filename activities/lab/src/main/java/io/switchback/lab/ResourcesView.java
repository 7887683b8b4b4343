package io.switchback.lab;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a site's hosts and datastores have, and have left.
 *
 * @param networks that VMs can be on; absent = any
 * @param folders that VMs can be in; absent = any
 * @param at the site's clock
 */
public record ResourcesView(
    List<Host> hosts,
    List<Datastore> datastores,
    @Nullable List<String> networks,
    @Nullable List<String> folders,
    Instant at) {

  /** Free is what powered-on VMs leave. */
  public record Host(String name, int cpus, int freeCpus, long memoryBytes, long freeMemoryBytes) {}

  /**
   * @param usedBytes allocated by the layers of all VMs on it, written or promised to a write
   * @param freeBytes never below 0
   */
  public record Datastore(String name, long capacityBytes, long usedBytes, long freeBytes) {}

  public ResourcesView {
    hosts = List.copyOf(hosts);
    datastores = List.copyOf(datastores);
    networks = networks == null ? null : List.copyOf(networks);
    folders = folders == null ? null : List.copyOf(folders);
  }
}
