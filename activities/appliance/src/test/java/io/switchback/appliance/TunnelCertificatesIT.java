package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.appliance.PathMeasured.Reached;
import io.switchback.appliance.lab.LabGateway;
import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.CertificateFiles;
import io.switchback.delta.trust.CertificateRole;
import io.switchback.delta.trust.IssuedCertificate.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whoever shows a wrong certificate gets nowhere, at either door, and it is said why. */
@Tag("network")
class TunnelCertificatesIT {
  private static final Duration ONE_DAY = Duration.ofDays(1);

  @RegisterExtension static final SharedLab LAB = new SharedLab();
  @TempDir static Path folder;

  private static NetworkLab lab;
  private static LabGateway gateway;
  private static LabTunnel tunnel;
  private static TunnelPreflight preflight;

  @BeforeAll
  static void prepare() {
    lab = LAB.lab();
    gateway = lab.gateway();
    tunnel = new LabTunnel(lab, new Tunnel("judged", 12));
    preflight = new TunnelPreflight(tunnel.ssh(), InstantSource.system());
    lab.power("off", "vm2");
    lab.power("on", "replica");
  }

  @AfterEach
  void showTheRightOnes() {
    gateway.show(issue(CertificateRole.TENANT, LabGateway.TENANT));
    tunnel.showAtProduction(issue(CertificateRole.TUNNEL_CLIENT, LabGateway.TENANT));
    tunnel.open(tunnel.replica());
    tunnel.awaitUp();
    assertThat(lab.ping("vm1", lab.fact("replica.address"), 3)).containsExactly(62, 62, 62);
  }

  @AfterAll
  static void leave() {
    if (tunnel != null) {
      tunnel.tearDown();
      lab.power("off", "replica");
      lab.power("on", "vm2");
    }
  }

  @Test
  void theGatewayLetsNobodyThroughWithACertificateThatIsNotTheTenants() {
    tunnel.open(tunnel.replica());
    Map<String, CertificateFiles> wrong = wrong(CertificateRole.TENANT);
    gateway.apply();

    Map<String, String> inItsLog =
        Map.of(
            "another tenant's", "unreachable tenant=globex",
            "expired", "refused .*verify=10",
            "revoked", "refused .*verify=23",
            "foreign", "refused .*certificate verify failed.*verify=0");
    wrong.forEach(
        (kind, files) -> {
          gateway.show(files);

          PathMeasured found =
              preflight.measure(
                  tunnel.tenant(), tunnel.productionEnd(List.of()), Optional.of(gateway.door()));
          assertThat(found.reached()).as(kind).isEqualTo(Reached.DOOR);
          assertThat(found.findings()).as(kind).singleElement().asString().contains("closes");
          gateway.awaitLog(inItsLog.get(kind));
          assertThat(lab.ping("vm1", lab.fact("replica.address"), 2)).as(kind).isEmpty();
        });
    tunnel.awaitWord(tunnel.tenant(), tunnel.atProduction(), "Connection reset");
  }

  @Test
  void theServerBehindTheGatewayLetsNobodyInWithACertificateThatIsNotTheTenants() {
    Map<String, CertificateFiles> wrong = wrong(CertificateRole.TUNNEL_CLIENT);
    tunnel.bringRevocations();
    Map<String, String> said =
        Map.of(
            "another tenant's", "CN=globex, must be O=Switchback, OU=tunnel client, CN=acme",
            "expired", "certificate has expired",
            "revoked", "certificate revoked",
            "foreign", "VERIFY ERROR: depth=");
    wrong.forEach(
        (kind, files) -> {
          tunnel.showAtProduction(files);
          tunnel.open(tunnel.replica());

          tunnel.awaitWord(tunnel.provider(), tunnel.atRecovery(), said.get(kind));
          assertThat(lab.ping("vm1", lab.fact("replica.address"), 2)).as(kind).isEmpty();
        });
  }

  /** Each shows a wrong certificate, and believes the right authority. */
  private static Map<String, CertificateFiles> wrong(CertificateRole role) {
    CertificateAuthority authority = gateway.authority();
    CertificateAuthority stranger =
        new CertificateAuthority(folder.resolve(role.word()), InstantSource.system());
    stranger.init("network lab");
    CertificateAuthority.Issued revoked = authority.issue(role, LabGateway.TENANT, ONE_DAY);
    authority.revoke(revoked.certificate().serial(), Reason.KEY_COMPROMISE);
    Map<String, CertificateFiles> wrong = new LinkedHashMap<>();
    wrong.put("another tenant's", issue(role, "globex"));
    wrong.put(
        "expired",
        gateway
            .authorityAt(Instant.now().minus(Duration.ofDays(3)))
            .issue(role, LabGateway.TENANT, ONE_DAY)
            .files());
    wrong.put("revoked", revoked.files());
    wrong.put("foreign", stranger.issue(role, LabGateway.TENANT, ONE_DAY).files());
    wrong.replaceAll(
        (_, files) ->
            new CertificateFiles(
                role, files.identity(), authority.certificate(), authority.revocationList()));
    return wrong;
  }

  private static CertificateFiles issue(CertificateRole role, String tenant) {
    return gateway.authority().issue(role, tenant, ONE_DAY).files();
  }
}
