package io.switchback.worker.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A real Temporal server of one process, started from a home: its runs live in a file there and are
 * kept when it ends, and its UI is on. It outlives the program that starts it.
 */
public final class TemporalDevServer {
  /** The name of its process in {@code services.json}. */
  public static final String NAME = "temporal";

  private static final int PORT = 7233;
  private static final int UI_PORT = 8233;
  private static final int ATTEMPTS = 3;
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Home home;
  private final Launcher launcher;

  public TemporalDevServer(Home home) {
    this.home = home;
    this.launcher = new Launcher(home);
  }

  /** Where it serves, if it runs. */
  public Optional<TemporalAddress> running() {
    Services services = home.services().read();
    TemporalAddress address = services.temporal();
    return address != null
            && address.kind() == TemporalAddress.Kind.DEV_SERVER
            && services.running(NAME).isPresent()
            && TemporalProbe.serves(address.address(), TemporalProbe.DEFAULT_NAMESPACE)
        ? Optional.of(address)
        : Optional.empty();
  }

  /**
   * Starts it with {@code binary}, on the ports of last time where they are free. If it runs
   * already, answers where.
   *
   * @throws Refusal if it does not start
   */
  public TemporalAddress start(Path binary) {
    home.prepare();
    return Exclusively.with(
        home.data().resolve("temporal.lock"),
        () -> running().orElseGet(() -> startOnFreePorts(binary)));
  }

  /** Stops it. If it does not run, does nothing. */
  public boolean stop() {
    return launcher.stop(NAME);
  }

  private TemporalAddress startOnFreePorts(Path binary) {
    // It may run without serving: hung, or its port was taken away. Two on one file would be wrong.
    launcher.stop(NAME);
    for (int attempt = 1; ; attempt++) {
      TemporalAddress address = freeAddress(home.services().read().temporal());
      home.services().update(services -> services.withTemporal(address));
      try {
        launcher.start(launch(binary, address), () -> serves(address), START_LIMIT);
        return address;
      } catch (Refusal refusal) {
        // Somebody may have taken a port between the look and the start.
        boolean portTaken = String.valueOf(refusal.getMessage()).contains("address already in use");
        if (!portTaken || attempt == ATTEMPTS) {
          throw refusal;
        }
      }
    }
  }

  private static TemporalAddress freeAddress(@Nullable TemporalAddress last) {
    int port = PORT;
    int uiPort = UI_PORT;
    if (last != null && last.kind() == TemporalAddress.Kind.DEV_SERVER) {
      port = HostPort.parse(last.address(), PORT).port();
      uiPort = uiPort(last);
    }
    return new TemporalAddress(
        TemporalAddress.Kind.DEV_SERVER,
        "127.0.0.1:" + Ports.free(port),
        "http://127.0.0.1:" + Ports.free(uiPort));
  }

  private static boolean serves(TemporalAddress address) {
    return TemporalProbe.serves(address.address(), TemporalProbe.DEFAULT_NAMESPACE)
        && Ports.answers("127.0.0.1", uiPort(address));
  }

  private static int uiPort(TemporalAddress address) {
    return address.ui() == null ? UI_PORT : URI.create(address.ui()).getPort();
  }

  private Launch launch(Path binary, TemporalAddress address) {
    Path database = home.data().resolve(Path.of("temporal", "temporal.db"));
    try {
      Files.createDirectories(database.getParent());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                binary.toString(),
                "server",
                "start-dev",
                "--ip",
                "127.0.0.1",
                "--port",
                Integer.toString(HostPort.parse(address.address(), PORT).port()),
                "--ui-port",
                Integer.toString(uiPort(address)),
                "--db-filename",
                database.toString(),
                "--log-level",
                "warn",
                "--dynamic-config-value",
                "frontend.WorkflowPauseEnabled=true",
                "--dynamic-config-value",
                "matching.enableFairness=true"));
    command.addAll(SearchAttributes.devServerArguments());
    return new Launch(NAME, command, Map.of());
  }
}
