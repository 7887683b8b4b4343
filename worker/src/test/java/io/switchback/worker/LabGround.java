package io.switchback.worker;

import io.switchback.delta.RateLimits;
import io.switchback.lab.LabClient;
import io.switchback.lab.LabDaemon;
import io.switchback.lab.LabDiskSource;
import io.switchback.lab.LabSettings;
import io.switchback.lab.SiteResources;
import io.switchback.model.NetworkMapping;
import io.switchback.model.SitePair;
import io.switchback.port.Queues;
import io.switchback.registry.RegistryDatabase;
import io.switchback.registry.Sites;
import io.switchback.worker.local.Cache;
import io.switchback.worker.local.EmbeddedPostgres;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.OwnPorts;
import io.switchback.worker.site.Credentials;
import io.switchback.worker.stream.StreamServers;
import io.switchback.worker.stream.StreamSettings;
import io.switchback.worker.stream.StreamTrust;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What stands under an estate: two lab sites, berlin and potsdam, with real disks, a real registry,
 * and the adapters as the worker wires them: those of each site do not know the other, and disks
 * travel over TLS. Of Temporal there is nothing here.
 */
public final class LabGround implements AutoCloseable {
  private final LabClient production;
  private final LabClient recovery;
  private final RegistryDatabase registry;
  private final Path directory;
  private final LabDaemon berlin;
  private final LabDaemon potsdam;
  private final EmbeddedPostgres postgres;
  private final String jdbcUrl;
  private final LabTrusts trusts;
  private final Adapters adapters;
  private final Adapters atBerlin;
  private final Adapters atPotsdam;
  private final StreamServers streamsOfBerlin;
  private final StreamServers streamsOfPotsdam;

  public LabGround(
      Path directory, SiteResources productionResources, SiteResources recoveryResources)
      throws Exception {
    this.directory = directory;
    berlin =
        LabDaemon.start(
            new LabSettings("berlin", directory.resolve("berlin"), 0, productionResources));
    potsdam =
        LabDaemon.start(
            new LabSettings("potsdam", directory.resolve("potsdam"), 0, recoveryResources));
    production = LabClient.of(directory.resolve("berlin"));
    recovery = LabClient.of(directory.resolve("potsdam"));
    Home home = OwnPorts.home(directory.resolve("home"));
    postgres = new EmbeddedPostgres(home, Cache.of(System.getenv()));
    jdbcUrl = postgres.start().jdbcUrl();
    trusts = new LabTrusts(directory);
    adapters = adapters(jdbcUrl, Queues.SWITCHBACK, trusts.control(), "berlin", "potsdam");
    atBerlin = adapters("", Queues.site("berlin"), trusts.of("berlin"), "berlin");
    atPotsdam = adapters("", Queues.site("potsdam"), trusts.of("potsdam"), "potsdam");
    streamsOfBerlin = streams("berlin", atBerlin);
    streamsOfPotsdam = streams("potsdam", atPotsdam);
    registry = adapters.openRegistry();
    new Sites(registry)
        .write(
            List.of(),
            List.of(
                new SitePair(
                    "berlin", "potsdam", List.of(new NetworkMapping("lan", "dr-lan", "")))));
  }

  /** A worker's, which knows no other site than those named. */
  private Adapters adapters(
      String registryUrl, String queue, StreamSettings streamSettings, String... sites) {
    Map<String, String> known = new TreeMap<>();
    for (String site : sites) {
      known.put(site, directory.resolve(site).toString());
    }
    return new Adapters(
        new WorkerSettings(
            "in memory",
            registryUrl,
            List.of(queue),
            known,
            Map.of(),
            Map.of(),
            "",
            false,
            0,
            streamSettings,
            RateLimits.none()));
  }

  private StreamServers streams(String site, Adapters at) {
    return StreamServers.start(trusts.of(site), trust(trusts.of(site)), at.servedDisks());
  }

  private static StreamTrust trust(StreamSettings settings) {
    return new StreamTrust(settings, Credentials.ofThisMachine(), InstantSource.system());
  }

  /** The activities of each queue, by the queue's name. */
  public Map<String, Object[]> activities(WorkflowClient client) {
    return Map.of(
        Queues.SWITCHBACK,
        adapters.forOperations(client, trust(trusts.control())).toArray(),
        Queues.site("berlin"),
        atBerlin.forSite("berlin", "berlin", streamsOfBerlin, trust(trusts.of("berlin"))).toArray(),
        Queues.site("potsdam"),
        atPotsdam
            .forSite("potsdam", "potsdam", streamsOfPotsdam, trust(trusts.of("potsdam")))
            .toArray());
  }

  public LabClient production() {
    return production;
  }

  public LabClient recovery() {
    return recovery;
  }

  public RegistryDatabase registry() {
    return registry;
  }

  /** For questions to the registry that no port asks. */
  public String jdbcUrl() {
    return jdbcUrl;
  }

  /** The directory of a site. */
  public Path site(String name) {
    return directory.resolve(name);
  }

  /** What a disk holds in a snapshot. */
  public byte[] bytes(String site, String vm, String disk, String snapshot) throws IOException {
    try (LabDiskSource source = LabDiskSource.open(site(site), vm, disk, snapshot)) {
      ByteBuffer all = ByteBuffer.allocate((int) source.capacityBytes());
      source.read(0, all);
      return all.array();
    }
  }

  @Override
  public void close() throws Exception {
    streamsOfBerlin.close();
    streamsOfPotsdam.close();
    adapters.close();
    atBerlin.close();
    atPotsdam.close();
    postgres.stop();
    production.close();
    recovery.close();
    potsdam.close();
    berlin.close();
  }
}
