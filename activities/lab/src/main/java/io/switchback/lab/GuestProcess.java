package io.switchback.lab;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A guest in a process of its own, {@link GuestMain}, which reaches its disks through the daemon's
 * calls. It ends with its VM, and with the daemon: its standard input is a pipe that breaks then.
 */
final class GuestProcess implements Guest {
  private static final Logger LOG = LoggerFactory.getLogger(GuestProcess.class);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  private record Command(boolean done) {}

  private final GuestMain.Order order;
  private volatile @Nullable URI service;
  private volatile @Nullable Process process;

  GuestProcess(URI daemon, String token, VmDefinition vm, UUID boot) {
    this.order =
        new GuestMain.Order(daemon, token, vm.id(), vm.name(), boot, vm.guest(), vm.disks());
  }

  @Override
  public void start() {
    try {
      Process started =
          new ProcessBuilder(command())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      process = started;
      // The order goes in first; the pipe then stays open for as long as the VM runs.
      started.getOutputStream().write(Json.write(order));
      started.getOutputStream().write('\n');
      started.getOutputStream().flush();
    } catch (IOException e) {
      throw new LabException(
          LabFault.INTERNAL, "Could not start the guest of VM '%s'.".formatted(order.vmName()), e);
    }
  }

  private static List<String> command() {
    return List.of(
        Path.of(Objects.requireNonNull(System.getProperty("java.home")), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-Xmx64m",
        "-cp",
        Objects.requireNonNull(System.getProperty("java.class.path")),
        GuestMain.class.getName());
  }

  @Override
  public void serves(URI address) {
    service = address;
  }

  @Override
  public boolean quiesce() {
    return send("quiesce");
  }

  @Override
  public void thaw() {
    var _ = send("thaw");
  }

  @Override
  public boolean shutDown() {
    return send("shutDown");
  }

  private boolean send(String command) {
    URI address = service;
    if (address == null) {
      return false;
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(address.resolve("/" + command))
              .timeout(ANSWER_LIMIT)
              .POST(HttpRequest.BodyPublishers.noBody())
              .build();
      byte[] answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
      return Json.read(answer, Command.class).done();
    } catch (IOException e) {
      LOG.debug("guest does not answer vm={} command={}", order.vmName(), command, e);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
  }
}
