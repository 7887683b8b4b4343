package io.switchback.worker.demo;

import io.switchback.worker.local.EmbeddedPostgres;
import io.switchback.worker.local.Estate;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.LabSites;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.local.RegistryAddress;
import io.switchback.worker.local.Services;
import io.switchback.worker.local.TemporalDevServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A home that belongs to the demo: it is emptied at each start. One that holds anything else is
 * never touched.
 */
final class DemoHome {
  private static final String MARK = "demo";
  private static final Set<String> SITES = Set.of(DemoEstate.PRODUCTION, DemoEstate.RECOVERY);
  private static final Set<String> PROCESSES =
      Set.of(
          LabSites.processName(DemoEstate.PRODUCTION),
          LabSites.processName(DemoEstate.RECOVERY),
          DemoRun.WORKER,
          DemoNetwork.NAME,
          TemporalDevServer.NAME,
          EmbeddedPostgres.NAME);

  private final Home home;

  DemoHome(Home home) {
    this.home = home;
  }

  /**
   * Empties the home and marks it as the demo's; a demo that was kept is stopped first. Answers
   * what was stopped.
   *
   * @throws Refusal when the home holds something that no demo has made
   */
  List<String> prepare() {
    Path mark = home.directory().resolve(MARK);
    Services services = home.services().read();
    boolean untouched = services.equals(Services.none());
    if (!untouched && !(Files.exists(mark) && isOfDemo(services))) {
      throw Refusal.usage(
          "The home %s holds what no demo has made, and a demo empties its home. Give another with --home."
              .formatted(home.directory()));
    }
    List<String> stopped = new Estate(home).stop();
    try {
      for (Path old :
          List.of(home.data(), home.logs(), home.directory().resolve("services.json"))) {
        remove(old);
      }
      home.prepare();
      if (!Files.exists(mark)) {
        Files.createFile(mark);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return stopped;
  }

  /**
   * Whether a demo could have made all of it; sites of another name or a registry of its own are
   * somebody's.
   */
  private static boolean isOfDemo(Services services) {
    return SITES.containsAll(services.sites().keySet())
        && PROCESSES.containsAll(services.processes().keySet())
        && (services.registry() == null
            || services.registry().kind() == RegistryAddress.Kind.EMBEDDED);
  }

  private static void remove(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
