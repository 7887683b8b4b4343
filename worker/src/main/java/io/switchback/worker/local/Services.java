package io.switchback.worker.local;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was started from a home and where it answers: the content of {@code services.json}.
 * Immutable; {@link ServicesFile#update} replaces it.
 *
 * @param temporal absent until Temporal was started or given once
 * @param registry absent until PostgreSQL was started or given once
 * @param sites lab sites by name
 * @param processes processes started from this home, by name; a process that ended may still be
 *     listed
 */
public record Services(
    @Nullable TemporalAddress temporal,
    @Nullable RegistryAddress registry,
    Map<String, SiteAddress> sites,
    Map<String, StartedProcess> processes) {

  public Services {
    sites = sites == null ? Map.of() : Map.copyOf(sites);
    processes = processes == null ? Map.of() : Map.copyOf(processes);
  }

  public static Services none() {
    return new Services(null, null, Map.of(), Map.of());
  }

  public Services withTemporal(@Nullable TemporalAddress address) {
    return new Services(address, registry, sites, processes);
  }

  public Services withRegistry(@Nullable RegistryAddress address) {
    return new Services(temporal, address, sites, processes);
  }

  public Services withSite(SiteAddress site) {
    return new Services(temporal, registry, with(sites, site.name(), site), processes);
  }

  public Services withoutSite(String name) {
    return new Services(temporal, registry, without(sites, name), processes);
  }

  public Services withProcess(StartedProcess process) {
    return new Services(temporal, registry, sites, with(processes, process.name(), process));
  }

  public Services withoutProcess(String name) {
    return new Services(temporal, registry, sites, without(processes, name));
  }

  /** The process called {@code name}, if it was started from this home and still runs. */
  public Optional<StartedProcess> running(String name) {
    return Optional.ofNullable(processes.get(name)).filter(StartedProcess::isAlive);
  }

  private static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
    Map<String, V> copy = new LinkedHashMap<>(map);
    copy.put(key, value);
    return copy;
  }

  private static <V> Map<String, V> without(Map<String, V> map, String key) {
    Map<String, V> copy = new LinkedHashMap<>(map);
    copy.remove(key);
    return copy;
  }
}
