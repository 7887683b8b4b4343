package io.switchback.worker.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All that was started from a home. */
public final class Estate {
  private final Home home;

  public Estate(Home home) {
    this.home = home;
  }

  /**
   * Stops every process started from this home: first those that use the services, then Temporal,
   * then PostgreSQL. Answers the names of those that were running.
   */
  public List<String> stop() {
    Launcher launcher = new Launcher(home);
    List<String> stopped = new ArrayList<>();
    for (String name : home.services().read().processes().keySet().stream().sorted().toList()) {
      boolean service = name.equals(TemporalDevServer.NAME) || name.equals(EmbeddedPostgres.NAME);
      if (!service && launcher.stop(name)) {
        stopped.add(name);
      }
    }
    if (new TemporalDevServer(home).stop()) {
      stopped.add(TemporalDevServer.NAME);
    }
    if (new EmbeddedPostgres(home, Cache.of(Map.copyOf(System.getenv()))).stop()) {
      stopped.add(EmbeddedPostgres.NAME);
    }
    return stopped;
  }
}
