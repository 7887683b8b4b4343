package io.switchback.worker.demo;

import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.VmDefinition;
import io.switchback.model.HttpCheck;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.SiteAppliance;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.port.Payloads;
import io.switchback.registry.Estate;
import io.switchback.registry.RegistryDatabase;
import io.switchback.registry.Sites;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The demo's estate: what runs at production, and how it is protected. */
final class DemoEstate {
  static final String PRODUCTION = "berlin";
  static final String RECOVERY = "potsdam";
  static final List<String> VMS = List.of("web-01", "web-02", "app-01", "db-01");

  /**
   * Short enough to watch: a cycle every three seconds, and a worker that is silent for 5 s has
   * died.
   */
  private static final Policy POLICY =
      Policy.every("demo", Duration.ofSeconds(3))
          .keeping(5)
          .checkedBy(new HttpCheck("http://{address}/", 200, Duration.ofSeconds(20)));

  private static final Pace PACE =
      new Pace(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          5,
          Duration.ofMillis(500),
          Duration.ofSeconds(30));

  private static final long MIB = 1 << 20;

  private DemoEstate() {}

  /**
   * Makes and starts four VMs that write all the time; each has a system image of 24 MiB besides.
   */
  static void populate(LabClient production, Optional<DemoNetwork> network) {
    int host = 11;
    for (String name : VMS) {
      String address = "10.10.0." + host++;
      NetworkCard card =
          network
              .filter(_ -> name.equals(WayHome.VM))
              .map(lab -> new NetworkCard(DemoNetwork.CARD, true, lab.address()))
              .orElseGet(() -> new NetworkCard("tenant", true, address));
      production.createVm(
          new VmDefinition(
              name,
              name,
              List.of(card),
              List.of(new DiskDefinition(name + "-disk-0", 256 * MIB, 24 * MIB)),
              new GuestDefinition(40.0, 5, Duration.ofMillis(300), true, null),
              true),
          null);
      production.powerOn(name, null);
    }
  }

  /** Tells the registry of the two sites, and what production's network is called at the other. */
  static void describeSites(RegistryDatabase registry, Optional<DemoNetwork> network) {
    List<NetworkMapping> networks = new ArrayList<>();
    networks.add(new NetworkMapping("tenant", "tenant", "tenant-drill"));
    network.ifPresent(
        lab ->
            networks.add(
                new NetworkMapping(
                    DemoNetwork.CARD, DemoNetwork.CARD, "", lab.gateway().extent())));
    new Sites(registry)
        .write(
            List.of(
                site(PRODUCTION, network.map(lab -> lab.gateway().appliance("tenant"))),
                site(RECOVERY, network.map(lab -> lab.gateway().appliance("provider")))),
            List.of(new SitePair(PRODUCTION, RECOVERY, networks)));
  }

  private static SiteSettings site(String name, Optional<SiteAppliance> tunnels) {
    return SiteSettings.named(name).pace(PACE).tunnels(tunnels.orElse(null)).build();
  }

  /** The input that protects them. */
  static String protection() {
    return Payloads.mapper()
        .writeValueAsString(
            Map.of("vms", VMS, "from", PRODUCTION, "to", RECOVERY, "policy", POLICY, "by", "demo"));
  }

  /** The replicas that the registry knows, by the name of their VM. */
  static Map<String, Replica> replicas(RegistryDatabase registry) {
    Map<String, Replica> replicas = new LinkedHashMap<>();
    new Estate(registry)
        .read(0)
        .replicas()
        .forEach(one -> replicas.put(one.replica().name(), one.replica()));
    return replicas;
  }
}
