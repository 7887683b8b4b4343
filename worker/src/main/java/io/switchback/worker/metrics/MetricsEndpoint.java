package io.switchback.worker.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchback.appliance.TunnelBook.TunnelFigures;
import io.switchback.delta.TransferBook;
import io.switchback.registry.EstateFigures;
import io.switchback.worker.rate.SiteShare;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /metrics} in the format that Prometheus reads. The registry is asked at each reading,
 * so that no number is older than its reading.
 */
public final class MetricsEndpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsEndpoint.class);
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService threads;

  private MetricsEndpoint(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Serves until it is closed.
   *
   * @param port 0 for any that is free
   * @param figures throws when the registry does not answer; empty for a worker that never asks it
   * @param transfers of this worker
   * @param shares of its sites' rates
   * @param tunnels that it has looked at
   * @throws IOException when the port is taken
   */
  public static MetricsEndpoint start(
      int port,
      Optional<Supplier<EstateFigures>> figures,
      TransferBook transfers,
      Supplier<List<SiteShare>> shares,
      Supplier<List<TunnelFigures>> tunnels)
      throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    server.createContext(
        "/metrics",
        exchange ->
            answer(
                exchange,
                figures.map(MetricsEndpoint::text).orElse("")
                    + TransferMetrics.of(transfers)
                    + ShareMetrics.of(shares.get())
                    + TunnelMetrics.of(tunnels.get())));
    server.start();
    LOG.info("metrics are served, port={}", server.getAddress().getPort());
    return new MetricsEndpoint(server, threads);
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", PROMETHEUS);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String text(Supplier<EstateFigures> figures) {
    try {
      return EstateMetrics.of(figures.get());
    } catch (RuntimeException away) {
      LOG.warn("the registry is not measured, because={}", away.getMessage());
      return EstateMetrics.withoutRegistry();
    }
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
