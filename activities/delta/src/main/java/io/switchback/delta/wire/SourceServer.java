package io.switchback.delta.wire;

import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a site's disks to the other site's worker, which dials: one stream per disk.
 *
 * <p>Once a minute each peer's certificate is checked again; a stream whose peer is not believed
 * any more is cut. A stream without TLS is hung up on unless the settings allow it, see {@link
 * WireSettings}.
 */
public final class SourceServer implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(SourceServer.class);

  /** Beyond them a peer waits in the queue of the operating system. */
  private static final int MOST_STREAMS = 256;

  /** How often either end looks whether the other is to be believed still. */
  static final Duration RECHECK = Duration.ofMinutes(1);

  // Long enough to hear why, and to hang up first.
  private static final long HEARING_SECONDS = 5;

  private final ServerSocket server;
  private final Handshake handshake;
  private final Gate gate;
  private final ServedDisks disks;
  private final WireSettings settings;
  private final WireCounts counts = new WireCounts();
  private final Set<Socket> streams = ConcurrentHashMap.newKeySet();
  private final Map<Socket, ServedStream> served = new ConcurrentHashMap<>();
  private final ScheduledExecutorService rechecks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("recheck-peers").factory());

  private SourceServer(
      ServerSocket server,
      Handshake handshake,
      Gate gate,
      ServedDisks disks,
      WireSettings settings) {
    this.server = server;
    this.handshake = handshake;
    this.gate = gate;
    this.disks = disks;
    this.settings = settings;
  }

  /** Takes streams until it is closed. */
  public static SourceServer start(
      ServerSocket server,
      Handshake handshake,
      Gate gate,
      ServedDisks disks,
      WireSettings settings) {
    return start(server, handshake, gate, disks, settings, RECHECK);
  }

  static SourceServer start(
      ServerSocket server,
      Handshake handshake,
      Gate gate,
      ServedDisks disks,
      WireSettings settings,
      Duration recheck) {
    SourceServer started = new SourceServer(server, handshake, gate, disks, settings);
    var _ =
        started.rechecks.scheduleWithFixedDelay(
            started::recheck, recheck.toMillis(), recheck.toMillis(), TimeUnit.MILLISECONDS);
    Thread.ofVirtual().name("serve-disks").start(started::accept);
    return started;
  }

  /** What all streams together sent and received. */
  public WireCounts.Snapshot counts() {
    return counts.snapshot();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        if (streams.size() >= MOST_STREAMS) {
          LOG.warn("stream refused: too many are open streams={}", streams.size());
          socket.close();
          continue;
        }
        streams.add(socket);
        Thread.ofPlatform().daemon().name("serve-stream").start(() -> serve(socket));
      } catch (IOException failed) {
        if (!server.isClosed()) {
          LOG.error("a stream could not be taken", failed);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Handshake.Peer peer = handshake.accept(socket);
      settings.requireProtected(peer.socket());
      ServedStream stream = new ServedStream(peer, gate, disks, settings, counts);
      served.put(socket, stream);
      stream.run();
    } catch (IOException | RuntimeException ended) {
      LOG.info("stream ended peer={} why={}", socket.getRemoteSocketAddress(), ended.toString());
    } finally {
      served.remove(socket);
      streams.remove(socket);
    }
  }

  /** Cuts the streams whose peers are not believed any more. */
  void recheck() {
    served.forEach(
        (socket, stream) -> {
          try {
            if (!stream.isStillBelieved()) {
              served.remove(socket);
              var _ = rechecks.schedule(() -> hangUp(socket), HEARING_SECONDS, TimeUnit.SECONDS);
            }
          } catch (RejectedExecutionException closing) {
            hangUp(socket);
          } catch (RuntimeException bug) {
            // One stream's trouble must not end the checks of all others.
            LOG.error("a peer could not be checked again", bug);
          }
        });
  }

  private static void hangUp(Socket socket) {
    try {
      socket.close();
    } catch (IOException ignored) {
      // It is closed as far as this end is concerned.
    }
  }

  /** Takes no more streams and hangs up on those that are open. Closing again does nothing. */
  @Override
  public void close() throws IOException {
    server.close();
    rechecks.shutdownNow();
    for (Socket socket : streams) {
      socket.close();
    }
  }
}
