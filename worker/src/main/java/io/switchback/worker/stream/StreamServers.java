package io.switchback.worker.stream;

import io.switchback.delta.wire.GrantGate;
import io.switchback.delta.wire.Handshake;
import io.switchback.delta.wire.ServedDisks;
import io.switchback.delta.wire.SourceServer;
import io.switchback.delta.wire.WireSettings;
import io.switchback.worker.local.HostPort;
import io.switchback.worker.local.Refusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the disks of this worker's sites at their data addresses, until it is closed. */
public final class StreamServers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamServers.class);
  private static final int WAITING = 50;

  private final Map<String, SourceServer> servers = new LinkedHashMap<>();
  private final Map<String, HostPort> addresses = new LinkedHashMap<>();

  private StreamServers() {}

  /**
   * Begins to serve. Nothing is served when one address cannot be had.
   *
   * @throws Refusal if an address cannot be had
   */
  public static StreamServers start(StreamSettings settings, StreamTrust trust, ServedDisks disks) {
    StreamServers started = new StreamServers();
    try {
      settings.addresses().forEach((site, where) -> started.serve(site, where, trust, disks));
      return started;
    } catch (RuntimeException failure) {
      started.close();
      throw failure;
    }
  }

  /** Where other sites' workers reach the disks of {@code site}, if they are served. */
  public Optional<HostPort> address(String site) {
    return Optional.ofNullable(addresses.get(site));
  }

  private void serve(String site, HostPort where, StreamTrust trust, ServedDisks disks) {
    boolean isPlain = trust.tls(site).isEmpty();
    WireSettings settings = WireSettings.standard();
    ServerSocket listening = listen(site, where);
    servers.put(
        site,
        SourceServer.start(
            listening,
            trust.tls(site).map(Handshake::tls).orElseGet(Handshake::plain),
            new GrantGate(site, trust::grants),
            disks,
            isPlain ? settings.withPlainOnLoopback() : settings));
    addresses.put(site, new HostPort(where.host(), listening.getLocalPort()));
    log.info("disks are served site={} at={} tls={}", site, where, !isPlain);
  }

  private static ServerSocket listen(String site, HostPort where) {
    try {
      ServerSocket listening = new ServerSocket();
      try {
        listening.bind(new InetSocketAddress(where.host(), where.port()), WAITING);
        return listening;
      } catch (IOException failure) {
        listening.close();
        throw failure;
      }
    } catch (IOException failure) {
      throw Refusal.unreachable(
          "Could not serve the disks of site '%s' at %s: %s. Give an address of this machine that nobody else uses with --data-address."
              .formatted(site, where, failure.getMessage()),
          failure);
    }
  }

  /** Hangs up on every stream. Closing again does nothing. */
  @Override
  public void close() {
    for (Map.Entry<String, SourceServer> server : servers.entrySet()) {
      try {
        server.getValue().close();
      } catch (IOException failure) {
        log.warn("a data address could not be closed site={}", server.getKey(), failure);
      }
    }
  }
}
