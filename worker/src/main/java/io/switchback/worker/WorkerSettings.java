package io.switchback.worker;

import io.switchback.delta.RateLimits;
import io.switchback.model.CredentialReference;
import io.switchback.model.Mistakes;
import io.switchback.model.VCenterAccess;
import io.switchback.port.Queues;
import io.switchback.vsphere.TransferAppliance;
import io.switchback.worker.stream.StreamSettings;
import java.util.List;
import java.util.Map;

/**
 * What a worker process is told.
 *
 * @param temporal address of the frontend, {@code host:port}
 * @param registry JDBC URL with the user; empty for a worker that serves sites only
 * @param queues to poll: {@code switchback}, {@code site.<name>}
 * @param sites where each site's hypervisor is, by name: its URL, or the directory of a lab site's
 *     daemon, which is best because the daemon writes its URL there whenever it starts; a transfer
 *     reaches both ends
 * @param vcenters how it logs in to those of these sites that are on vSphere
 * @param credentials where this machine finds the credential for each site
 * @param webhook called when a member parks; empty for none
 * @param makeCurrent whether new runs go to this build although another one is current
 * @param metricsPort on which it serves the numbers of its transfers and, with the queue
 *     switchback, of the estate; 0 for none
 * @param streams of disk bytes between sites
 * @param rateLimits of the transfers that it runs
 * @param appliances by site on vSphere, the VM there that it runs on, to which it attaches disks
 */
public record WorkerSettings(
    String temporal,
    String registry,
    List<String> queues,
    Map<String, String> sites,
    Map<String, VCenterAccess> vcenters,
    Map<String, CredentialReference> credentials,
    String webhook,
    boolean makeCurrent,
    int metricsPort,
    StreamSettings streams,
    RateLimits rateLimits,
    Map<String, TransferAppliance> appliances) {
  public WorkerSettings {
    appliances = Map.copyOf(appliances);
    queues = List.copyOf(queues);
    sites = Map.copyOf(sites);
    vcenters = Map.copyOf(vcenters);
    credentials = Map.copyOf(credentials);
    new Mistakes()
        .required(temporal, "temporal")
        .unless(
            !queues.isEmpty(), "queues is empty: name at least one, as in switchback,site.berlin")
        .unless(
            !registry.isEmpty() || !queues.contains(Queues.SWITCHBACK),
            "registry is missing: the queue switchback cannot be served without it")
        .unless(
            sites.keySet().containsAll(vcenters.keySet()), "a vCenter is of a site without address")
        .unless(
            streams.signingKey().isEmpty() || queues.contains(Queues.SWITCHBACK),
            "a key that signs grants is for workers of the queue switchback alone")
        .unless(
            streams.addresses().keySet().stream().map(Queues::site).allMatch(queues::contains),
            "a data address is of a site whose queue this worker does not poll")
        .unless(
            appliances.keySet().stream().map(Queues::site).allMatch(queues::contains),
            "an appliance is of a site whose queue this worker does not poll")
        .refuse("worker");
  }

  /** A worker that runs on no transfer appliance. */
  public WorkerSettings(
      String temporal,
      String registry,
      List<String> queues,
      Map<String, String> sites,
      Map<String, VCenterAccess> vcenters,
      Map<String, CredentialReference> credentials,
      String webhook,
      boolean makeCurrent,
      int metricsPort,
      StreamSettings streams,
      RateLimits rateLimits) {
    this(
        temporal,
        registry,
        queues,
        sites,
        vcenters,
        credentials,
        webhook,
        makeCurrent,
        metricsPort,
        streams,
        rateLimits,
        Map.of());
  }

  /** A worker that has nothing to do with streams between sites. */
  public WorkerSettings(
      String temporal,
      String registry,
      List<String> queues,
      Map<String, String> sites,
      Map<String, CredentialReference> credentials,
      String webhook,
      boolean makeCurrent,
      int metricsPort) {
    this(
        temporal,
        registry,
        queues,
        sites,
        Map.of(),
        credentials,
        webhook,
        makeCurrent,
        metricsPort,
        StreamSettings.none(),
        RateLimits.none());
  }

  /** The sites whose queues it polls. */
  public List<String> servedSites() {
    return queues.stream().flatMap(queue -> Queues.siteOf(queue).stream()).toList();
  }

  @Override
  public String toString() {
    return "WorkerSettings[temporal=%s, queues=%s, sites=%s]"
        .formatted(temporal, queues, sites.keySet());
  }
}
