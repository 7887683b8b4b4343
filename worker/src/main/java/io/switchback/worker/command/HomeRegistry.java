package io.switchback.worker.command;

import io.switchback.worker.local.Cache;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.RegistryAddress;
import io.switchback.worker.local.RegistryService;
import java.io.PrintWriter;

/** The registry of a home that has none yet. */
final class HomeRegistry {
  private HomeRegistry() {}

  /**
   * Gives the home an embedded PostgreSQL, and starts it when it does not run; a home with a
   * registry elsewhere, and a command that was given one, are left alone.
   */
  static void startFor(Home home, ConnectionOptions options, PrintWriter notices) {
    RegistryAddress known = home.services().read().registry();
    if (!options.leavesRegistryToHome()
        || (known != null && known.kind() != RegistryAddress.Kind.EMBEDDED)) {
      return;
    }
    var _ =
        new RegistryService(
                home, Cache.of(System.getenv()), known == null ? notices::println : line -> {})
            .start(null);
  }
}
