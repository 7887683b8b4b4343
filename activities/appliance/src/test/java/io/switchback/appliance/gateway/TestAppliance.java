package io.switchback.appliance.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** In the place of a tenant's appliance: says its name to whoever is let through, and listens. */
final class TestAppliance implements AutoCloseable {
  private final ServerSocket server;
  private final List<Socket> visitors = new CopyOnWriteArrayList<>();

  TestAppliance(String name) throws IOException {
    server = new ServerSocket(0, 2000, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(() -> greet(name));
  }

  private void greet(String name) {
    try {
      while (true) {
        Socket visitor = server.accept();
        visitors.add(visitor);
        Thread.ofVirtual().start(() -> serve(visitor, name));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  /** Ends when the visitor does, as a tunnel's server would. */
  private static void serve(Socket visitor, String name) {
    try (visitor) {
      visitor.getOutputStream().write((name + "\n").getBytes(UTF_8));
      visitor.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException cut) {
      // It is closed.
    }
  }

  Endpoint endpoint() {
    return new Endpoint(server.getInetAddress(), server.getLocalPort());
  }

  /** How many were ever let through. */
  int visits() {
    return visitors.size();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket visitor : visitors) {
      visitor.close();
    }
  }
}
