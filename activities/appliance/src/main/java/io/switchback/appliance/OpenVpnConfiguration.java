package io.switchback.appliance;

import io.switchback.delta.trust.CertificateRole;

/** What OpenVPN 2.5 or newer is told. The certificates lie beside its configuration. */
final class OpenVpnConfiguration {
  private OpenVpnConfiguration() {}

  static String of(TunnelEnd end) {
    String own =
        switch (end) {
          case TunnelEnd.Recovery recovery -> server(recovery);
          case TunnelEnd.Production production -> client(production);
        };
    return own + common(end);
  }

  private static String server(TunnelEnd.Recovery end) {
    return """
    mode server
    tls-server
    proto tcp4-server
    port %d
    dh none
    # A peer that comes back pushes its former self out; room for both until then.
    max-clients 4
    keepalive 2 8
    remote-cert-tls client
    """
        .formatted(end.port());
  }

  private static String client(TunnelEnd.Production end) {
    return """
    client
    proto tcp4-client
    remote %s %d
    nobind
    resolv-retry infinite
    connect-retry 1 4
    connect-timeout 5
    ping 2
    ping-restart 8
    remote-cert-tls server
    # The other end may choose the cipher, and nothing else: no routes, no addresses, no name servers.
    pull-filter accept "cipher "
    pull-filter accept "peer-id "
    pull-filter accept "protocol-flags "
    pull-filter accept "key-derivation "
    pull-filter accept "tun-mtu "
    pull-filter ignore ""
    """
        .formatted(end.remoteHost(), end.remotePort());
  }

  /** What the other end's certificate was made for. */
  private static CertificateRole other(TunnelEnd end) {
    return switch (end) {
      case TunnelEnd.Recovery _ -> CertificateRole.TUNNEL_CLIENT;
      case TunnelEnd.Production _ -> CertificateRole.TUNNEL_SERVER;
    };
  }

  private static String common(TunnelEnd end) {
    String folder = "/var/lib/switchback/tunnels/" + end.tunnel().name();
    return """
    dev swb%d
    dev-type tap
    tun-mtu 1500
    tls-version-min 1.3
    data-ciphers AES-256-GCM:CHACHA20-POLY1305
    tls-cert-profile preferred
    # The whole subject: the same name stands in certificates for other purposes, too.
    verify-x509-name '%s' subject
    ca %s/authorities.pem
    cert %s/identity.pem
    key %s/identity.pem
    crl-verify %s/revoked.pem
    allow-compression no
    # The interface stays while the tunnel is down: traffic waits, and never takes another way.
    persist-tun
    persist-key
    user nobody
    group nogroup
    script-security 0
    tcp-nodelay
    verb 3
    daemon switchback-%s
    log-append %s/openvpn.log
    """
        .formatted(
            end.tunnel().number(),
            other(end).subject(end.identity().peer()),
            folder,
            folder,
            folder,
            folder,
            end.tunnel().name(),
            folder);
  }
}
