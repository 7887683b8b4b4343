package io.switchback.appliance.gateway;

import io.switchback.delta.Requires;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A gateway on loopback, run by HAProxy as its script starts it. */
final class RunningGateway implements AutoCloseable {
  private final Gateway gateway;
  private final Endpoint listen;
  private final RunningProgram program;

  /**
   * Starts it.
   *
   * @param change what is made of its configuration before it starts; to see what a check is good
   *     for
   */
  RunningGateway(
      Path folder,
      Map<String, Endpoint> tenants,
      GatewayCertificates certificates,
      UnaryOperator<String> change)
      throws IOException, InterruptedException {
    Requires.tool("haproxy");
    Requires.tool("flock");
    gateway = new Gateway(folder);
    listen = freePort();
    Gateway.Applied applied = gateway.apply(settings(tenants), certificates);
    if (applied.isRunning()) {
      throw new IllegalStateException("a gateway runs in " + folder);
    }
    Path configuration = folder.resolve("haproxy.cfg");
    String whole = Files.readString(configuration);
    Files.writeString(configuration, change.apply(whole));
    program = RunningProgram.start(List.of("sh", gateway.start().toString()), "Loading success");
    // It listens to tenants before it listens to whoever controls it.
    GatewayControl control = new GatewayControl(folder.resolve("control.sock"));
    while (!control.isListening()) {
      Thread.onSpinWait();
    }
  }

  GatewaySettings settings(Map<String, Endpoint> tenants) {
    return new GatewaySettings(
        listen,
        new TreeMap<>(tenants),
        GatewaySettings.USUAL_CONNECTIONS,
        "root".equals(System.getProperty("user.name")) ? Optional.of("haproxy") : Optional.empty());
  }

  Gateway.Applied apply(Map<String, Endpoint> tenants, GatewayCertificates certificates) {
    return gateway.apply(settings(tenants), certificates);
  }

  Gateway gateway() {
    return gateway;
  }

  Endpoint listen() {
    return listen;
  }

  TestTenant tenant(TestAuthority.Shown shown) {
    return TestTenant.with(
        Optional.of(shown.file()), gateway.start().resolveSibling("ca.pem"), listen);
  }

  TestTenant withoutCertificate() {
    return TestTenant.with(Optional.empty(), gateway.start().resolveSibling("ca.pem"), listen);
  }

  /** Waits for a line with all of {@code parts} and answers it. */
  String awaitLog(String... parts) throws InterruptedException {
    return program.await(parts);
  }

  /** Resident memory of all its processes. */
  long residentBytes() throws IOException {
    long kibibytes = 0;
    for (ProcessHandle one : program.processes()) {
      for (String line : Files.readAllLines(Path.of("/proc/" + one.pid() + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          kibibytes += Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    }
    return kibibytes * 1024;
  }

  /** How many processes it is. */
  long processes() {
    return program.processes().size();
  }

  static Endpoint freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Endpoint(free.getInetAddress(), free.getLocalPort());
    }
  }

  @Override
  public void close() throws InterruptedException {
    program.close();
  }
}
