package io.switchback.worker.local;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports that no two tests want, so that they can run beside each other, and that nobody is given by
 * chance, so that what was stopped finds its own free again.
 */
public final class OwnPorts {
  /** Linux gives out those from 32,768 on; two builds at once begin apart from each other. */
  private static final AtomicInteger NEXT =
      new AtomicInteger(20_000 + (int) (ProcessHandle.current().pid() % 120) * 100);

  private OwnPorts() {}

  /**
   * A home whose Temporal and PostgreSQL will serve at ports of their own, as if they had before.
   */
  public static Home home(Path directory) {
    Home home = homeWithoutRegistry(directory);
    String url = "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(next());
    home.services()
        .update(
            services ->
                services.withRegistry(new RegistryAddress(RegistryAddress.Kind.EMBEDDED, url)));
    return home;
  }

  /** A home that knows of no registry; its Temporal will serve at ports of its own. */
  public static Home homeWithoutRegistry(Path directory) {
    Home home = new Home(directory).prepare();
    TemporalAddress address =
        new TemporalAddress(
            TemporalAddress.Kind.DEV_SERVER, "127.0.0.1:" + next(), "http://127.0.0.1:" + next());
    home.services().update(services -> services.withTemporal(address));
    return home;
  }

  /** A port at which nobody listens. */
  public static int next() {
    int port = NEXT.getAndIncrement();
    while (Ports.free(port) != port) {
      port = NEXT.getAndIncrement();
    }
    return port;
  }
}
