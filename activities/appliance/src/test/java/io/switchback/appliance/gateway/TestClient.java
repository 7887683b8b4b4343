package io.switchback.appliance.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.switchback.appliance.gateway.TestTenant.Connection;
import io.switchback.delta.Requires;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a tenant's appliance at production runs to get through the gateway. */
final class TestClient implements AutoCloseable {
  private final Endpoint listen;
  private final RunningProgram program;

  TestClient(String gateway, Endpoint at, Path certificates)
      throws IOException, InterruptedException {
    this(gateway, at, certificates, UnaryOperator.identity());
  }

  /**
   * Starts it.
   *
   * @param change what is made of its configuration before
   */
  TestClient(String gateway, Endpoint at, Path certificates, UnaryOperator<String> change)
      throws IOException, InterruptedException {
    listen = RunningGateway.freePort();
    Path configuration = certificates.resolve("gateway.cfg");
    Files.writeString(
        configuration,
        change.apply(
            GatewayClientConfiguration.text(
                new GatewayClientSettings(
                    gateway, at.address().getHostAddress(), at.port(), listen),
                certificates)));
    program =
        RunningProgram.start(
            List.of(Requires.tool("haproxy").toString(), "-W", "-f", configuration.toString()),
            "Loading success");
  }

  Endpoint listen() {
    return listen;
  }

  /** The appliance that is at the other end; empty when none. */
  Optional<String> reaches() throws IOException {
    Optional<Connection> connection = dial();
    if (connection.isPresent()) {
      connection.get().close();
    }
    return connection.map(Connection::appliance);
  }

  /** Connects as a tunnel would; empty when it is let through to nobody. */
  Optional<Connection> dial() throws IOException {
    Socket socket = new Socket(listen.address(), listen.port());
    socket.setSoTimeout((int) TestTenant.PATIENCE.toMillis());
    try {
      String appliance =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
      if (appliance != null) {
        return Optional.of(new Connection(socket, appliance));
      }
    } catch (SocketException cut) {
      // As good as closed.
    }
    socket.close();
    return Optional.empty();
  }

  @Override
  public void close() throws InterruptedException {
    program.close();
  }
}
