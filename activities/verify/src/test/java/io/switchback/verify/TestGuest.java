package io.switchback.verify;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** A guest's service on loopback, which answers 503 until it has been asked often enough. */
final class TestGuest implements AutoCloseable {
  private final AtomicInteger asked = new AtomicInteger();
  private final HttpServer server;

  private TestGuest(InetSocketAddress address, int readyAtRequest) throws IOException {
    server = HttpServer.create(address, 0);
    server.createContext(
        "/",
        exchange -> {
          boolean ready = asked.incrementAndGet() >= readyAtRequest;
          exchange.sendResponseHeaders(ready ? 200 : 503, -1);
          exchange.close();
        });
    server.start();
  }

  static TestGuest readyAtRequest(int number) throws IOException {
    return new TestGuest(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), number);
  }

  static TestGuest at(String address) throws IOException {
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    return new TestGuest(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  int asked() {
    return asked.get();
  }

  /** An address on which nobody listens. */
  static String nobody() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + free.getLocalPort();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
