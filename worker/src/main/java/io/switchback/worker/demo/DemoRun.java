package io.switchback.worker.demo;

import io.switchback.lab.LabClient;
import io.switchback.registry.RegistryDatabase;
import io.switchback.worker.local.Cache;
import io.switchback.worker.local.Estate;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.LabSites;
import io.switchback.worker.local.Launch;
import io.switchback.worker.local.Launcher;
import io.switchback.worker.local.Ports;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.local.RegistryAddress;
import io.switchback.worker.local.RegistryLogin;
import io.switchback.worker.local.RegistryService;
import io.switchback.worker.local.RunningTemporal;
import io.switchback.worker.local.SiteAddress;
import io.switchback.worker.local.TemporalAddress;
import io.switchback.worker.local.TemporalChoice;
import io.switchback.worker.local.TemporalService;
import io.switchback.worker.run.TemporalConnection;
import io.switchback.worker.stream.StreamSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Starts everything that the demo needs, each in a process of its own, lets it run, and ends it
 * again.
 */
public final class DemoRun {
  static final String WORKER = "worker-1";
  private static final Duration WORKER_LIMIT = Duration.ofSeconds(60);

  private final Home home;
  private final TemporalChoice choice;
  private final boolean keep;
  private final boolean needsNetwork;
  private final Narrator narrator;
  private Optional<DemoNetwork> network = Optional.empty();

  /**
   * @param keep whether everything stays up afterwards
   * @param needsNetwork whether the network lab must be part of it; if not, it is where it can be
   * @param out takes the story
   */
  public DemoRun(
      Home home,
      TemporalChoice choice,
      boolean keep,
      boolean needsNetwork,
      java.io.PrintStream out) {
    this.home = home;
    this.choice = choice;
    this.keep = keep;
    this.needsNetwork = needsNetwork;
    this.narrator = new Narrator(out);
  }

  /**
   * Runs the demo.
   *
   * @throws Refusal when something does not start, or the home is not the demo's
   */
  public DemoReport run() {
    if (keep && choice instanceof TemporalChoice.InProcess) {
      throw Refusal.usage(
          "--keep needs a Temporal that outlives this command: leave out --in-process.");
    }
    List<String> stopped = new DemoHome(home).prepare();
    if (!stopped.isEmpty()) {
      narrator.line("stopped an earlier demo: " + String.join(", ", stopped));
    }
    network = network();
    Thread end = Thread.ofPlatform().unstarted(() -> new Estate(home).stop());
    Runtime.getRuntime().addShutdownHook(end);
    try {
      DemoReport report = startAndRun();
      if (keep) {
        Runtime.getRuntime().removeShutdownHook(end);
      }
      return report;
    } finally {
      if (!keep) {
        new Estate(home).stop();
      }
    }
  }

  /**
   * The network lab, where this machine can have one.
   *
   * @throws Refusal when it cannot, and it was insisted on
   */
  private Optional<DemoNetwork> network() {
    DemoNetwork lab = DemoNetwork.of(home);
    Optional<String> lacks = lab.lacks();
    if (lacks.isEmpty()) {
      return Optional.of(lab);
    }
    if (needsNetwork) {
      throw Refusal.usage("--network-lab: " + lacks.get());
    }
    narrator.line("without the network extension: " + lacks.get());
    return Optional.empty();
  }

  private String onPower(String site) {
    return network.map(lab -> lab.onPower(site)).orElse("");
  }

  private DemoReport startAndRun() {
    narrator.line(
        "starting PostgreSQL, Temporal and the lab sites berlin and potsdam"
            + network.map(_ -> ", and the networks of both").orElse(""));
    LabSites sites = new LabSites(home);
    try (ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<RegistryAddress> postgres =
          starters.submit(
              () ->
                  new RegistryService(home, Cache.of(System.getenv()), narrator::line).start(null));
      Future<RunningTemporal> temporal =
          starters.submit(
              () -> new TemporalService(home, System.getenv(), narrator::line).start(choice));
      Future<?> networks = starters.submit(() -> network.ifPresent(DemoNetwork::start));
      Future<SiteAddress> berlin =
          starters.submit(() -> sites.start(DemoEstate.PRODUCTION, onPower(DemoEstate.PRODUCTION)));
      Future<SiteAddress> potsdam =
          starters.submit(() -> sites.start(DemoEstate.RECOVERY, onPower(DemoEstate.RECOVERY)));
      try (RunningTemporal running = get(temporal)) {
        RegistryAddress registry = get(postgres);
        Path production = Path.of(get(berlin).directory());
        Path recovery = Path.of(get(potsdam).directory());
        var _ = get(networks);
        startWorker();
        try {
          return tell(running.address(), registry, production, recovery);
        } finally {
          // A worker whose Temporal is gone before it would wait for it until its limit.
          if (!keep) {
            new Launcher(home).stop(WORKER);
          }
        }
      }
    }
  }

  private void startWorker() {
    List<String> command =
        new ArrayList<>(List.of("worker", "--make-current", "--home", home.directory().toString()));
    int dataPort = Ports.free(StreamSettings.USUAL_PORT);
    int otherPort = Ports.free(dataPort + 1);
    command.addAll(
        trust().options(DemoEstate.PRODUCTION, dataPort, DemoEstate.RECOVERY, otherPort));
    new Launcher(home).start(Launch.program(WORKER, command), () -> true, WORKER_LIMIT);
    narrator.line("all processes are up; logs in " + home.logs());
    narrator.line(
        "disks are served over TLS to whoever holds a grant for one: %s's at 127.0.0.1:%d, %s's at 127.0.0.1:%d"
            .formatted(DemoEstate.PRODUCTION, dataPort, DemoEstate.RECOVERY, otherPort));
  }

  /** Disks travel over TLS here too, under a grant for each transfer. */
  private DemoTrust trust() {
    try {
      return DemoTrust.make(
          home.data().resolve("trust"), List.of(DemoEstate.PRODUCTION, DemoEstate.RECOVERY));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What to type to ping the VM in the network lab; empty without one. */
  public Optional<String> ping() {
    return network.map(DemoNetwork::ping);
  }

  private DemoReport tell(
      TemporalAddress address, RegistryAddress registryAddress, Path berlin, Path potsdam) {
    try (TemporalConnection connection = TemporalConnection.open(address);
        RegistryDatabase registry =
            RegistryDatabase.open(RegistryLogin.of(registryAddress.jdbcUrl()));
        LabClient production = LabClient.of(berlin);
        LabClient recovery = LabClient.of(potsdam)) {
      Demo demo =
          new Demo(
              connection.client(),
              registry,
              production,
              recovery,
              new Witnesses(berlin, potsdam),
              new DemoOperations(connection, narrator),
              narrator,
              network);
      Demo.Found found = demo.run();
      return new DemoReport(
          temporal(address),
          narrator.elapsed().toMillis() / 1000.0,
          found.vms(),
          found.home().failback(),
          found.home().seen());
    }
  }

  private static DemoReport.Temporal temporal(TemporalAddress address) {
    return new DemoReport.Temporal(address.kind().word(), address.address(), address.ui());
  }

  private static <T> T get(Future<T> starting) {
    try {
      return starting.get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Refusal.failed("Interrupted while the demo started.");
    }
  }
}
