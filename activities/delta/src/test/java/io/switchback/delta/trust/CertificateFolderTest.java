package io.switchback.delta.trust;

import static io.switchback.delta.trust.CertificateRole.GATEWAY;
import static io.switchback.delta.trust.CertificateRole.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.delta.trust.CertificateFolder.Kept;
import io.switchback.delta.trust.IssuedCertificate.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFolderTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration DAYS_90 = Duration.ofDays(90);

  @TempDir Path directory;

  private Instant now = NOON;
  private CertificateAuthority authority;

  @BeforeEach
  void init() {
    authority = new CertificateAuthority(directory.resolve("ca"), () -> now);
    authority.init("Estate");
  }

  @Test
  void givesASuccessorInTheLastThirdOfItsTimeWhileTheOldOneStaysGood() throws Exception {
    Kept first = keep("acme", false);
    now = NOON.plus(Duration.ofDays(60)).minusSeconds(1);
    assertThat(keep("acme", false)).isEqualTo(new Kept(first.certificate(), false));

    now = NOON.plus(Duration.ofDays(60));
    Kept second = keep("acme", false);

    assertThat(second.isNew()).isTrue();
    assertThat(inFolder().getSerialNumber().toString(16)).isEqualTo(second.certificate().serial());
    assertThat(authority.list()).containsExactly(first.certificate(), second.certificate());
    assertThat(first.certificate().expiresAt()).isAfter(now.plus(Duration.ofDays(29)));
  }

  @Test
  void givesASuccessorToWhatWasRevokedAndWhenAskedTo() throws Exception {
    Kept first = keep("acme", false);
    authority.revoke(first.certificate().serial(), Reason.KEY_COMPROMISE);

    Kept second = keep("acme", false);
    assertThat(second.certificate()).isNotEqualTo(first.certificate());
    assertThat(keep("acme", false)).isEqualTo(new Kept(second.certificate(), false));
    assertThat(keep("acme", true).isNew()).isTrue();
  }

  @Test
  void issuesOnceMoreAfterADeathBetweenIssuingAndWriting() {
    authority.issue(TENANT, "acme", DAYS_90);

    assertThat(keep("acme", false).isNew()).isTrue();
    assertThat(authority.list()).hasSize(2);
  }

  @Test
  void leavesAloneWhatIsSomebodyElses() throws Exception {
    keep("acme", false);
    String before = Files.readString(directory.resolve("out/tenant.pem"));

    assertThatThrownBy(() -> keep("globex", true))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("did not issue as that of the tenant for tenant 'globex'");
    Files.copy(directory.resolve("out/tenant.pem"), directory.resolve("out/gateway.pem"));
    assertThatThrownBy(() -> folder().keep(GATEWAY, "acme", DAYS_90, false))
        .hasMessageContaining("for gateway 'acme'");
    assertThat(directory.resolve("out/tenant.pem")).content().isEqualTo(before);
    assertThat(authority.list()).hasSize(1);

    Files.writeString(directory.resolve("out/tenant.pem"), "nonsense");
    assertThatThrownBy(() -> keep("acme", false)).hasMessageContaining("it holds no certificate");
  }

  @Test
  void refusesNamesThatAnotherRoleCouldBear() {
    assertThatThrownBy(() -> keep("gateway:potsdam", false))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("is no name of a tenant");
    assertThatThrownBy(() -> authority.issue("gateway:potsdam", DAYS_90))
        .isInstanceOf(TrustException.class);
    assertThat(GATEWAY.subject("potsdam"))
        .isEqualTo("O=Switchback, OU=cloud gateway, CN=gateway:potsdam");
  }

  @Test
  void revokesWhatItCouldNotWrite() throws IOException {
    Files.createDirectories(directory.resolve("out/ca.pem.new/in the way"));

    assertThatThrownBy(() -> keep("acme", false))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("was revoked");
    assertThat(authority.list()).hasSize(1);
    assertThat(authority.list()).allMatch(one -> one.revocation().isPresent());
  }

  private Kept keep(String tenant, boolean now) {
    return folder().keep(TENANT, tenant, DAYS_90, now);
  }

  private CertificateFolder folder() {
    return new CertificateFolder(directory.resolve("out"), authority, () -> now);
  }

  private X509Certificate inFolder() throws Exception {
    return Pem.certificates(Files.readString(directory.resolve("out/tenant.pem"))).getFirst();
  }
}
