package io.switchback.lab;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import java.util.Map;

/** The lab sites that a worker reaches, by name. */
public final class LabSites implements AutoCloseable {
  private final Map<String, LabClient> clients;

  public LabSites(Map<String, LabClient> clients) {
    this.clients = Map.copyOf(clients);
  }

  /** Whether this worker was told of the site. */
  boolean knows(String site) {
    return clients.containsKey(site);
  }

  /**
   * @throws FaultException SITE_UNREACHABLE when this worker does not know the site
   */
  LabClient client(String site) {
    LabClient client = clients.get(site);
    if (client == null) {
      throw new FaultException(
          Fault.SITE_UNREACHABLE,
          "Could not reach site '%s': this worker knows only the lab sites %s. Start it with that site's directory."
              .formatted(site, clients.keySet().stream().sorted().toList()));
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
