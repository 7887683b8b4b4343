package io.switchback.lab;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The lab sites that a worker reaches, by name. */
public final class LabSites implements AutoCloseable {
  private final Map<String, LabClient> clients;
  private final Function<String, Optional<LabClient>> others;

  public LabSites(Map<String, LabClient> clients) {
    this(clients, site -> Optional.empty());
  }

  /**
   * @param others asked for a site that is not among {@code clients}, until it has a client for it
   */
  public LabSites(Map<String, LabClient> clients, Function<String, Optional<LabClient>> others) {
    this.clients = new ConcurrentHashMap<>(clients);
    this.others = others;
  }

  /** Whether this worker knows how to reach the site. */
  boolean knows(String site) {
    return find(site) != null;
  }

  private @Nullable LabClient find(String site) {
    return clients.computeIfAbsent(site, unknown -> others.apply(unknown).orElse(null));
  }

  /**
   * @throws FaultException SITE_UNREACHABLE when this worker does not know the site
   */
  LabClient client(String site) {
    LabClient client = find(site);
    if (client == null) {
      throw new FaultException(
          Fault.SITE_UNREACHABLE,
          "Could not reach site '%s': this worker knows only the lab sites %s. Start it with `--site %s=…`, or add the site with `switchback site add`."
              .formatted(site, clients.keySet().stream().sorted().toList(), site));
    }
    return client;
  }

  LabClient client(VmRef vm) {
    return client(vm.site());
  }

  /** The mandate as this attempt of the running activity carries it to the site. */
  static Stamp stamp(Mandate mandate) {
    var fence = mandate.fence();
    return new Stamp(
        mandate.operationId(),
        mandate.step(),
        new LabFence(fence.generation(), fence.epoch(), fence.step(), RunningActivity.attempt()));
  }

  @Override
  public void close() {
    clients.values().forEach(LabClient::close);
  }
}
