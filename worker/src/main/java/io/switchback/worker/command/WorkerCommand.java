package io.switchback.worker.command;

import io.switchback.model.CredentialReference;
import io.switchback.model.SiteSettings;
import io.switchback.model.VCenterAccess;
import io.switchback.port.Queues;
import io.switchback.vsphere.TransferAppliance;
import io.switchback.worker.WorkerProgram;
import io.switchback.worker.WorkerSettings;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.local.RegistryAddress;
import io.switchback.worker.local.Services;
import io.switchback.worker.local.SiteAddress;
import io.switchback.worker.local.TemporalAddress;
import io.switchback.worker.site.Credentials;
import io.switchback.worker.site.SitesFile;
import io.switchback.worker.stream.StreamTrust;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code switchback worker}: runs operations, and what they need at the sites. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description = {
      "Run operations, and what they need at the sites, until Ctrl-C.",
      "",
      "A worker that does not find Temporal or the registry waits for them. Any number of workers share the queues: when one"
          + " dies, the others go on where it was."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback worker                                        everything that this home knows",
      "  switchback worker --queues site.berlin --temporal temporal.example:7233 \\",
      "      --site berlin=http://127.0.0.1:7301 --credential berlin=file:/etc/switchback/berlin.token",
      "  switchback worker --queues site.berlin --data-address berlin=10.1.0.5:7500 \\",
      "      --certificates berlin=/etc/switchback/berlin-worker --grant-keys /etc/switchback/grant.key.pub",
      "  switchback worker --queues site.bonn --sites-file sites.yaml --appliance bonn=transfer-1"
    })
public final class WorkerCommand implements Runnable, Serves {
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final StreamOptions streamOptions = new StreamOptions();

  private final Credentials secrets = Credentials.ofThisMachine();

  @Option(
      names = "--queues",
      split = ",",
      paramLabel = "<queue>",
      description =
          "Task queues to poll: switchback, site.<name>. Default: switchback and every site of this home.")
  private List<String> queues = List.of();

  @Option(
      names = "--temporal",
      paramLabel = "<host:port>",
      defaultValue = "${env:SWITCHBACK_TEMPORAL}",
      description = "Temporal's address (else $SWITCHBACK_TEMPORAL, else this home's).")
  private @Nullable String temporal;

  @Option(
      names = "--registry",
      paramLabel = "<jdbc url>",
      defaultValue = "${env:SWITCHBACK_REGISTRY}",
      description =
          "The registry's PostgreSQL, or where its URL is found: file:/path, env:NAME, 'command:program"
              + " argument' (else $SWITCHBACK_REGISTRY, else this home's).")
  private @Nullable String registry;

  @Option(
      names = "--site",
      paramLabel = "<name>=<where>",
      split = ",",
      defaultValue = "${env:SWITCHBACK_SITES}",
      description =
          "A lab site's daemon, by its directory or URL, besides those of this home; may be repeated"
              + " (else $SWITCHBACK_SITES, parted by commas).")
  private @Nullable Map<String, String> sites;

  @Option(
      names = "--appliance",
      paramLabel = "<site>=<vm>",
      split = ",",
      defaultValue = "${env:SWITCHBACK_APPLIANCE}",
      description =
          "The VM of a vSphere site that this worker runs on, by name or instance uuid. Disks are attached to it and"
              + " moved there; a worker without it leaves them to others. One worker per VM; may be repeated (else"
              + " $SWITCHBACK_APPLIANCE, parted by commas).")
  private @Nullable Map<String, String> appliances;

  @Option(
      names = "--devices",
      paramLabel = "<folder>",
      defaultValue = "/dev/disk/by-id",
      description =
          "Where this machine shows the disks that are attached to its VM, by their ids; in a container, where the"
              + " host's folder is (default ${DEFAULT-VALUE}).")
  private Path devices = Path.of("/dev/disk/by-id");

  @Option(
      names = "--sites-file",
      paramLabel = "<yaml>",
      defaultValue = "${env:SWITCHBACK_SITES_FILE}",
      description =
          "Sites as `switchback site add --file` reads them, for a worker that has no registry to ask; what"
              + " it says of address, credential and vcenter counts (else $SWITCHBACK_SITES_FILE).")
  private @Nullable Path sitesFile;

  @Option(
      names = "--credential",
      paramLabel = "<site>=<reference>",
      split = ",",
      defaultValue = "${env:SWITCHBACK_CREDENTIALS}",
      converter = {CredentialConverter.OfSite.class, CredentialConverter.class},
      description =
          "Where this machine finds the credential for a site: file:/path, env:NAME or 'command:program"
              + " argument'; may be repeated (else $SWITCHBACK_CREDENTIALS, parted by commas). It is looked"
              + " up at each use and never kept.")
  private @Nullable Map<String, CredentialReference> credentials;

  @Option(
      names = "--webhook",
      paramLabel = "<url>",
      defaultValue = "${env:SWITCHBACK_WEBHOOK}",
      description =
          "Called when a VM is parked and waits for a person; or where the URL is found: file:/path,"
              + " env:NAME, 'command:program argument' (else $SWITCHBACK_WEBHOOK).")
  private @Nullable String webhook;

  @Option(
      names = "--metrics",
      paramLabel = "<port>",
      defaultValue = "${env:SWITCHBACK_METRICS:-0}",
      description =
          "Serve this worker's transfers and, with the queue switchback, RPO and replication of every VM at"
              + " http://<host>:<port>/metrics for Prometheus (else $SWITCHBACK_METRICS).")
  private int metricsPort;

  @Option(
      names = "--make-current",
      description = "Send new runs to this build although another one is current.")
  private boolean makeCurrent;

  @Override
  public void run() {
    WorkerSettings settings = settings(homeOption.home().services().read());
    new StreamTrust(settings.streams(), secrets, InstantSource.system()).check();
    var worker = WorkerProgram.run(settings);
    CountDownLatch ended = new CountDownLatch(1);
    worker.addApplicationListener(
        (org.springframework.context.event.ContextClosedEvent closed) -> ended.countDown());
    try {
      ended.await();
    } catch (InterruptedException stop) {
      worker.close();
      Thread.currentThread().interrupt();
    }
  }

  WorkerSettings settings(Services home) {
    Map<String, String> known = new LinkedHashMap<>();
    for (SiteAddress site : home.sites().values()) {
      known.put(site.name(), site.directory());
    }
    List<SiteSettings> described =
        sitesFile == null ? List.of() : SitesFile.read(sitesFile).sites();
    Map<String, VCenterAccess> vcenters = new LinkedHashMap<>();
    Map<String, CredentialReference> found = new LinkedHashMap<>();
    for (SiteSettings site : described) {
      known.put(site.name(), site.address());
      Optional.ofNullable(site.vcenter()).ifPresent(one -> vcenters.put(site.name(), one));
      Optional.ofNullable(site.credential()).ifPresent(one -> found.put(site.name(), one));
    }
    known.putAll(sites == null ? Map.of() : sites);
    found.putAll(credentials == null ? Map.of() : credentials);
    List<String> polled = queues.isEmpty() ? everyQueue(known) : queues;
    for (String queue : polled) {
      if (!queue.equals(Queues.SWITCHBACK) && !queue.startsWith(Queues.site(""))) {
        throw Refusal.usage(
            "'"
                + queue
                + "' is no queue of Switchback: give switchback or site.<name> with --queues.");
      }
    }
    return made(
        () ->
            new WorkerSettings(
                temporal(home.temporal()),
                registry(home.registry()),
                polled,
                known,
                vcenters,
                found,
                webhook == null ? "" : secrets.ofOption("--webhook", webhook),
                makeCurrent,
                metricsPort,
                streamOptions.settings(homeOption.home()),
                streamOptions.rateLimits(),
                appliances()));
  }

  private Map<String, TransferAppliance> appliances() {
    Map<String, TransferAppliance> own = new LinkedHashMap<>();
    if (appliances != null) {
      appliances.forEach((site, vm) -> own.put(site, new TransferAppliance(vm, devices)));
    }
    return own;
  }

  /** What the settings do not allow, its user can put right. */
  private static WorkerSettings made(Supplier<WorkerSettings> settings) {
    try {
      return settings.get();
    } catch (IllegalArgumentException refused) {
      throw Refusal.usage(String.valueOf(refused.getMessage()));
    }
  }

  private String temporal(@Nullable TemporalAddress home) {
    if (temporal != null) {
      return temporal;
    }
    if (home == null) {
      throw Refusal.usage(
          "This home knows no Temporal. Give its address with --temporal, or start one with `switchback temporal start`.");
    }
    return home.address();
  }

  private String registry(@Nullable RegistryAddress home) {
    if (registry != null) {
      return secrets.ofOption("--registry", registry);
    }
    return home == null ? "" : home.jdbcUrl();
  }

  private static List<String> everyQueue(Map<String, String> sites) {
    List<String> every = new ArrayList<>(List.of(Queues.SWITCHBACK));
    sites.keySet().stream().sorted().map(Queues::site).forEach(every::add);
    return every;
  }
}
