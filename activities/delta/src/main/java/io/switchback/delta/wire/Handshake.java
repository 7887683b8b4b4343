package io.switchback.delta.wire;

import io.switchback.delta.trust.PeerRefusedException;
import io.switchback.delta.trust.SiteTls;
import io.switchback.delta.trust.TrustException;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;

/** What is done with a connection before a word of the protocol is spoken on it. */
@FunctionalInterface
public interface Handshake {
  /** A peer that says nothing holds a thread and a socket for no longer. */
  int LIMIT_MILLIS = 10_000;

  /**
   * A connection to speak on.
   *
   * @param site that the peer has proven to be of; empty on a plain stream within this machine
   * @param trust whether the peer is believed still
   */
  record Peer(Socket socket, Optional<String> site, Trust trust) {
    /** A peer that has proven nothing, so nothing can be taken back. */
    Peer(Socket socket) {
      this(socket, Optional.empty(), () -> {});
    }
  }

  /** What is asked as long as a stream is open. */
  @FunctionalInterface
  interface Trust {
    /**
     * @throws PeerRefusedException if the peer is not believed any more
     * @throws TrustException if that cannot be told now
     */
    void check() throws PeerRefusedException;
  }

  /**
   * Closes the connection when it fails.
   *
   * @throws IOException if the peer is not believed
   */
  Peer accept(Socket connected) throws IOException;

  /** With TLS and both certificates. */
  static Handshake tls(SiteTls tls) {
    return connected -> {
      connected.setSoTimeout(LIMIT_MILLIS);
      SiteTls.Peer peer = tls.accept(connected);
      return new Peer(
          peer.socket(), Optional.of(peer.site()), () -> tls.requireStillBelieved(peer));
    };
  }

  /**
   * Shakes hands at the end that dials {@code site}, with TLS and both certificates.
   *
   * @throws IOException if the worker that was dialled is not believed; the connection is closed
   */
  static Peer dial(SiteTls tls, Socket connected, String site) throws IOException {
    connected.setSoTimeout(LIMIT_MILLIS);
    SiteTls.Peer peer = tls.dial(connected, site);
    return new Peer(peer.socket(), Optional.of(peer.site()), () -> tls.requireStillBelieved(peer));
  }

  /** None: for processes of one machine, see {@link WireSettings}. */
  static Handshake plain() {
    return Peer::new;
  }
}
