package io.switchback.appliance.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.CertificateRole;
import io.switchback.delta.trust.IssuedCertificate;
import io.switchback.delta.trust.IssuedCertificate.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tenant's end of the gateway's TLS, as HAProxy runs it. */
@Tag("process")
class GatewayClientIT {
  @TempDir Path directory;

  private TestAuthority certificates;
  private TestAppliance acme;

  @BeforeEach
  void start() throws Exception {
    certificates = new TestAuthority(directory);
    acme = new TestAppliance("acme");
  }

  @AfterEach
  void stop() throws Exception {
    acme.close();
  }

  @Test
  void getsThroughTheGatewayThatIsMeantAndNoOther() throws Exception {
    TestAuthority.Shown shown = certificates.tenant("acme");
    try (RunningGateway gateway = gateway(UnaryOperator.identity())) {
      try (TestClient client = new TestClient("potsdam", gateway.listen(), shown.folder())) {
        assertThat(client.reaches()).contains("acme");
      }
      try (TestClient client = new TestClient("leipzig", gateway.listen(), shown.folder())) {
        assertThat(client.reaches()).isEmpty();
      }
    }
  }

  @Test
  void believesNobodyElseOfTheSameAuthorityWhoPosesAsTheGateway() throws Exception {
    TestAuthority.Shown shown = certificates.tenant("acme");
    for (CertificateRole role :
        new CertificateRole[] {CertificateRole.SITE_WORKER, CertificateRole.TUNNEL_SERVER}) {
      TestAuthority.Shown poser = certificates.issue(role, "potsdam", role.word());
      String shows = " crt \"" + poser.file() + "\"";
      try (RunningGateway gateway =
          gateway(text -> text.replaceFirst(" crt \\S+/gateway.pem\"", shows))) {
        assertThat(gateway.tenant(shown).reaches()).as("asks for no name").contains("acme");
        try (TestClient client = new TestClient("potsdam", gateway.listen(), shown.folder())) {
          assertThat(client.reaches()).as(role.unit()).isEmpty();
        }
      }
    }
  }

  @Test
  void believesNoGatewayWhoseCertificateWasRevoked() throws Exception {
    IssuedCertificate stolen =
        certificates.authority().list().stream()
            .filter(one -> one.role() == CertificateRole.GATEWAY)
            .findFirst()
            .orElseThrow();
    try (RunningGateway gateway = gateway(UnaryOperator.identity())) {
      CertificateAuthority authority = certificates.authority();
      authority.revoke(stolen.serial(), Reason.KEY_COMPROMISE);
      TestAuthority.Shown later = certificates.tenant("acme");
      try (TestClient client = new TestClient("potsdam", gateway.listen(), later.folder())) {
        assertThat(client.reaches()).isEmpty();
      }
      assertThat(gateway.tenant(later).reaches()).as("asks for no revocations").contains("acme");
    }
  }

  private RunningGateway gateway(UnaryOperator<String> change) throws Exception {
    return new RunningGateway(
        Files.createTempDirectory(directory, "g"),
        Map.of("acme", acme.endpoint()),
        certificates.ofGateway(),
        change);
  }
}
