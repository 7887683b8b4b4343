package io.switchback.bench;

import io.switchback.lab.LabClient;
import io.switchback.model.NetworkMapping;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.port.Payloads;
import io.switchback.registry.RegistryDatabase;
import io.switchback.registry.Sites;
import io.switchback.worker.local.Cache;
import io.switchback.worker.local.Estate;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.LabSites;
import io.switchback.worker.local.Launch;
import io.switchback.worker.local.Launcher;
import io.switchback.worker.local.RegistryLogin;
import io.switchback.worker.local.RegistryService;
import io.switchback.worker.local.StartedProcess;
import io.switchback.worker.local.TemporalChoice;
import io.switchback.worker.local.TemporalService;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * PostgreSQL, Temporal, two lab sites and workers, each in a process of its own as a user has them,
 * from a home of their own. All of it is gone after {@link #close()}, which Ctrl-C calls, too, but
 * the logs of a run that failed.
 */
public final class RunningEstate implements AutoCloseable {
  public static final String PRODUCTION = "production";
  public static final String RECOVERY = "recovery";

  private static final Duration WORKER_LIMIT = Duration.ofSeconds(60);

  private final Home home;
  private final Launcher launcher;
  private final Thread onInterrupt = Thread.ofPlatform().unstarted(this::end);
  private volatile boolean ended;
  private volatile boolean keepsLogs = true;

  private RunningEstate(Home home) {
    this.home = home;
    this.launcher = new Launcher(home);
  }

  /** Starts everything but the workers in a fresh folder of {@code parent}. */
  public static RunningEstate start(Path parent, Consumer<String> notices) throws IOException {
    return start(parent, notices, Map.of());
  }

  /**
   * The same, with commands that hear of changes of power.
   *
   * @param onPower by site
   */
  public static RunningEstate start(
      Path parent, Consumer<String> notices, Map<String, String> onPower) throws IOException {
    Path folder = Files.createTempDirectory(Files.createDirectories(parent), "run-");
    RunningEstate estate = new RunningEstate(new Home(folder).prepare());
    Runtime.getRuntime().addShutdownHook(estate.onInterrupt);
    try {
      new RegistryService(estate.home, Cache.of(System.getenv()), notices).start(null);
      new TemporalService(estate.home, System.getenv(), notices)
          .start(new TemporalChoice.DevServer());
      for (String site : List.of(PRODUCTION, RECOVERY)) {
        new LabSites(estate.home).start(site, onPower.getOrDefault(site, ""));
      }
      return estate;
    } catch (RuntimeException failure) {
      estate.close();
      throw failure;
    }
  }

  /** Starts workers that serve everything, exactly as {@code switchback worker} does. */
  public void startWorkers(int workers) {
    for (int number = 1; number <= workers; number++) {
      List<String> arguments =
          List.of("worker", "--make-current", "--home", home.directory().toString());
      launcher.start(Launch.program(worker(number), arguments), () -> true, WORKER_LIMIT);
    }
  }

  public void stopWorkers(int workers) {
    for (int number = 1; number <= workers; number++) {
      launcher.stop(worker(number));
    }
  }

  private static String worker(int number) {
    return "worker-" + number;
  }

  /**
   * Starts a program of this benchmark with the options that a worker gets.
   *
   * @param name of the process
   */
  public void startProgram(String name, Class<?> program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-XX:+UseSerialGC");
    command.add("-cp");
    command.add(
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator)));
    command.add(program.getName());
    command.addAll(arguments);
    launcher.start(new Launch(name, command, Map.of()), () -> true, WORKER_LIMIT);
  }

  public void stopProgram(String name) {
    launcher.stop(name);
  }

  /** Lets the registry know both sites, with one network that is the same at both. */
  public void pairSites(String network) {
    try (RegistryDatabase registry = RegistryDatabase.open(RegistryLogin.of(registryUrl()))) {
      new Sites(registry)
          .write(
              List.of(SiteSettings.of(PRODUCTION), SiteSettings.of(RECOVERY)),
              List.of(
                  new SitePair(
                      PRODUCTION, RECOVERY, List.of(new NetworkMapping(network, network, "")))));
    }
  }

  /** What runs now, by name. */
  public Map<String, StartedProcess> processes() {
    return home.services().read().processes();
  }

  public String temporalAddress() {
    return Objects.requireNonNull(home.services().read().temporal()).address();
  }

  public String registryUrl() {
    return Objects.requireNonNull(home.services().read().registry()).jdbcUrl();
  }

  /** Where a site keeps its disks and its journal. */
  public Path site(String name) {
    return Path.of(Objects.requireNonNull(home.services().read().sites().get(name)).directory());
  }

  public LabClient lab(String site) {
    return LabClient.of(site(site));
  }

  public WorkflowServiceStubs temporal() {
    return WorkflowServiceStubs.newServiceStubs(
        WorkflowServiceStubsOptions.newBuilder().setTarget(temporalAddress()).build());
  }

  public static WorkflowClient client(WorkflowServiceStubs stubs) {
    return WorkflowClient.newInstance(
        stubs, WorkflowClientOptions.newBuilder().setDataConverter(Payloads.converter()).build());
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    } catch (IllegalStateException interrupted) {
      // The hook runs now, and finds that nothing is left to do.
    }
  }

  private synchronized void end() {
    if (ended) {
      return;
    }
    ended = true;
    // Twice: what was being started while the first round looked is found by the second.
    new Estate(home).stop();
    new Estate(home).stop();
    delete(keepsLogs ? home.data() : home.directory());
    if (keepsLogs) {
      System.err.println("Logs are in " + home.logs());
    }
  }

  /** Everything went well: nobody needs the logs. */
  public void forgetLogs() {
    keepsLogs = false;
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException left) {
      System.err.println("Could not remove all of " + folder + ": " + left);
    }
  }
}
