package io.switchback.appliance.gateway;

import io.switchback.delta.Requires;
import io.switchback.delta.trust.CertificateRole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** OpenVPN at one end of a tunnel, without an interface: it shakes hands, and pings. */
final class TestTunnelEnd implements AutoCloseable {
  private final RunningProgram program;

  private TestTunnelEnd(List<String> command) throws IOException {
    program = new RunningProgram(command);
  }

  /** Waits at {@code listen} for the client of {@code tenant}. */
  static TestTunnelEnd server(TestAuthority.Shown own, String tenant, Endpoint listen)
      throws IOException {
    List<String> command = common(own, CertificateRole.TUNNEL_CLIENT, tenant);
    command.addAll(
        List.of(
            "--proto",
            "tcp-server",
            "--local",
            listen.address().getHostAddress(),
            "--lport",
            String.valueOf(listen.port()),
            "--tls-server",
            "--dh",
            "none"));
    return new TestTunnelEnd(command);
  }

  /** Dials {@code at} and expects the server of {@code tenant}. */
  static TestTunnelEnd client(TestAuthority.Shown own, String tenant, Endpoint at)
      throws IOException {
    List<String> command = common(own, CertificateRole.TUNNEL_SERVER, tenant);
    command.addAll(
        List.of(
            "--proto",
            "tcp-client",
            "--nobind",
            "--remote",
            at.address().getHostAddress(),
            String.valueOf(at.port()),
            "--tls-client",
            "--connect-retry",
            "1",
            "2"));
    return new TestTunnelEnd(command);
  }

  private static List<String> common(TestAuthority.Shown own, CertificateRole peer, String tenant) {
    return new ArrayList<>(
        List.of(
            Requires.tool("openvpn").toString(),
            "--dev",
            "null",
            "--verb",
            "3",
            "--ca",
            own.folder().resolve("ca.pem").toString(),
            "--crl-verify",
            own.folder().resolve("crl.pem").toString(),
            "--cert",
            own.file().toString(),
            "--key",
            own.file().toString(),
            "--tls-version-min",
            "1.3",
            "--data-ciphers",
            "AES-256-GCM:CHACHA20-POLY1305",
            "--remote-cert-tls",
            peer == CertificateRole.TUNNEL_SERVER ? "server" : "client",
            "--verify-x509-name",
            peer.subject(tenant),
            "subject",
            "--ping",
            "1"));
  }

  RunningProgram program() {
    return program;
  }

  @Override
  public void close() throws InterruptedException {
    program.close();
  }
}
