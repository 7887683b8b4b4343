package io.switchback.worker.stream;

import io.switchback.delta.DiskSource;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.trust.SiteTls;
import io.switchback.delta.wire.Handshake;
import io.switchback.delta.wire.RemoteDisks;
import io.switchback.delta.wire.RemoteSource;
import io.switchback.delta.wire.WireSettings;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.worker.local.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/**
 * Dials other sites' workers: with TLS when this worker has a certificate of the site in whose name
 * it dials; in plain text only where the settings say so, and then only within this machine.
 */
public final class StreamDialler implements RemoteDisks {
  private static final int CONNECT_LIMIT_MILLIS = 10_000;

  private final StreamSettings settings;
  private final StreamTrust trust;

  public StreamDialler(StreamSettings settings, StreamTrust trust) {
    this.settings = settings;
    this.trust = trust;
  }

  /**
   * {@inheritDoc}
   *
   * @throws FaultException NOT_CONFIGURED if this worker has neither a certificate of the site nor
   *     leave to do without
   */
  @Override
  public DiskSource open(
      String dataAddress, GrantedDisk disk, byte[] grant, String holder, long capacityBytes)
      throws IOException {
    Optional<SiteTls> tls = trust.tls(holder);
    if (tls.isEmpty() && !settings.plainText()) {
      throw new FaultException(
          Fault.NOT_CONFIGURED,
          "Could not dial %s for %s: this worker has no certificate of site '%s'. Start it with --certificates %s=<folder>; `switchback ca issue %s` makes one."
              .formatted(dataAddress, disk, holder, holder, holder));
    }
    Socket connected = connect(HostPort.parse(dataAddress, StreamSettings.USUAL_PORT));
    WireSettings standard = WireSettings.standard();
    if (tls.isEmpty()) {
      return RemoteSource.open(
          connected, disk, grant, capacityBytes, standard.withPlainOnLoopback());
    }
    Handshake.Peer peer = Handshake.dial(tls.get(), connected, disk.site());
    return RemoteSource.open(peer, disk, grant, capacityBytes, standard);
  }

  private static Socket connect(HostPort where) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(where.host(), where.port()), CONNECT_LIMIT_MILLIS);
      return socket;
    } catch (IOException away) {
      socket.close();
      throw new IOException(
          "nobody answers at the data address %s (%s). Look whether production's worker runs and the way to it is open, then retry."
              .formatted(where, away.getMessage()),
          away);
    }
  }
}
