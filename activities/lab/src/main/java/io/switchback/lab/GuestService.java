package io.switchback.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A guest's HTTP service: {@code GET /} answers how far it is; {@code POST /<command>} is for its
 * host.
 */
final class GuestService implements AutoCloseable {
  private final HttpServer server;

  private GuestService(HttpServer server) {
    this.server = server;
  }

  static GuestService start(Supplier<GuestStatus> status, Predicate<String> control)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Connection", "close");
            if (exchange.getRequestMethod().equals("GET")) {
              answer(exchange, Json.write(status.get()));
            } else {
              String command = exchange.getRequestURI().getPath().substring(1);
              answer(exchange, Json.write(Map.of("done", control.test(command))));
            }
          }
        });
    server.start();
    return new GuestService(server);
  }

  private static void answer(HttpExchange exchange, byte[] body) throws IOException {
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  @Override
  public void close() {
    // Not here and now: the call that ends the guest still waits for its answer.
    Thread.ofVirtual().start(() -> server.stop(1));
  }
}
