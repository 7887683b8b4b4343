package io.switchback.appliance.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.trust.CertificateRole;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenVPN end to end inside the gateway's TLS: production's HAProxy, the gateway, the provider. */
@Tag("process")
class TunnelThroughGatewayIT {
  private static final String UP = "Initialization Sequence Completed";

  @TempDir Path directory;

  private TestAuthority certificates;
  private Endpoint provider;

  @BeforeEach
  void start() throws Exception {
    certificates = new TestAuthority(directory);
    provider = RunningGateway.freePort();
  }

  @Test
  void carriesATenantsTunnel() throws Exception {
    throughGateway(
        certificates.issue(CertificateRole.TUNNEL_SERVER, "acme", "acme-provider"),
        (server, client, gateway) -> {
          client.program().await(UP);
          server.program().await(UP);
          client.program().await("Control Channel: TLSv1.3");
          gateway.awaitLog(" opened tenant=acme ", "appliance=" + provider);
        });
  }

  private interface Meeting {
    void of(TestTunnelEnd server, TestTunnelEnd client, RunningGateway gateway) throws Exception;
  }

  /** A tenant's client dials what stands where its gateway has its appliance. */
  private void throughGateway(TestAuthority.Shown shownByServer, Meeting meeting) throws Exception {
    try (TestTunnelEnd server = TestTunnelEnd.server(shownByServer, "acme", provider);
        RunningGateway gateway = gateway();
        TestClient way =
            new TestClient("potsdam", gateway.listen(), certificates.tenant("acme").folder());
        TestTunnelEnd client =
            TestTunnelEnd.client(
                certificates.issue(CertificateRole.TUNNEL_CLIENT, "acme", "acme-production"),
                "acme",
                way.listen())) {
      meeting.of(server, client, gateway);
    }
  }

  /** Who breaks into the gateway, or writes a wrong line into its file, gets no tunnel by that. */
  @Test
  void refusesTheServerOfAnotherTenantBehindTheGateway() throws Exception {
    throughGateway(
        certificates.issue(CertificateRole.TUNNEL_SERVER, "globex", "globex-provider"),
        (server, client, gateway) -> {
          client.program().await("VERIFY X509NAME ERROR", "OU=tunnel server, CN=globex");
          assertThat(client.program().said()).doesNotContain(UP);
          assertThat(server.program().said()).doesNotContain(UP);
        });
  }

  @Test
  void refusesTheClientOfAnotherTenantAndWhoWasNotMadeForTunnels() throws Exception {
    for (TestAuthority.Shown shown :
        new TestAuthority.Shown[] {
          certificates.issue(CertificateRole.TUNNEL_CLIENT, "globex", "globex-production"),
          certificates.issue(CertificateRole.SITE_WORKER, "acme", "worker")
        }) {
      Endpoint listen = RunningGateway.freePort();
      try (TestTunnelEnd server =
              TestTunnelEnd.server(
                  certificates.issue(CertificateRole.TUNNEL_SERVER, "acme", "acme-provider"),
                  "acme",
                  listen);
          TestTunnelEnd client = TestTunnelEnd.client(shown, "acme", listen)) {
        server.program().await("VERIFY X509NAME ERROR");
        assertThat(server.program().said()).doesNotContain(UP);
      }
    }
  }

  private RunningGateway gateway() throws Exception {
    return new RunningGateway(
        directory.resolve("gateway"),
        Map.of("acme", provider),
        certificates.ofGateway(),
        UnaryOperator.identity());
  }
}
