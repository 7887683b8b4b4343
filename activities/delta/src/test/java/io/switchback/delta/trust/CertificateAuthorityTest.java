package io.switchback.delta.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.delta.trust.IssuedCertificate.Reason;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration DAYS_90 = Duration.ofDays(90);

  @TempDir Path directory;

  private Instant now = NOON;

  @Test
  void issuesACertificateThatNamesItsSiteAndEnds() throws Exception {
    CertificateAuthority authority = initialized();

    CertificateAuthority.Issued issued = authority.issue("berlin", DAYS_90);

    X509Certificate certificate = Pem.certificates(issued.files().identity()).getFirst();
    X509Certificate own = Pem.certificates(issued.files().authorities()).getFirst();
    certificate.verify(own.getPublicKey());
    assertThat(CertificateRole.SITE_WORKER.nameIn(certificate)).contains("berlin");
    assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOON.plus(DAYS_90));
    assertThat(certificate.getNotBefore().toInstant()).isEqualTo(NOON.minusSeconds(300));
    assertThat(certificate.getBasicConstraints()).as("is no authority").isEqualTo(-1);
    assertThat(own.getBasicConstraints()).as("has none below those it issues").isZero();
    assertThat(certificate.getSerialNumber())
        .isEqualTo(new BigInteger(issued.certificate().serial(), 16));
    assertThat(authority.list()).containsExactly(issued.certificate());
  }

  @Test
  void keepsEverythingInAFolderForItsOwnerAlone() throws IOException {
    initialized().issue("berlin", DAYS_90).files().write(directory.resolve("out"));

    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(one -> !one.equals(directory)).toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .endsWith("------");
      }
    }
    try (var files = Files.list(folder())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("ca.key", "ca.pem", "crl.pem", "issued", "lock");
    }
    try (var files = Files.list(directory.resolve("out"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("worker.pem", "ca.pem", "crl.pem", "lock");
    }
  }

  @Test
  void renewsForTheSameSiteAndLeavesTheOldOneGood() throws Exception {
    CertificateAuthority authority = initialized();
    IssuedCertificate old = authority.issue("berlin", DAYS_90).certificate();
    now = NOON.plus(Duration.ofDays(60));

    IssuedCertificate young = authority.renew(old.serial(), DAYS_90).certificate();

    assertThat(young.name()).isEqualTo("berlin");
    assertThat(young.serial()).isNotEqualTo(old.serial());
    assertThat(young.expiresAt()).isEqualTo(now.plus(DAYS_90));
    assertThat(authority.list()).containsExactly(old, young);
  }

  @Test
  void revokesOnceAndForAllWithANewList() throws Exception {
    CertificateAuthority authority = initialized();
    IssuedCertificate bad = authority.issue("berlin", DAYS_90).certificate();
    IssuedCertificate good = authority.issue("berlin", DAYS_90).certificate();
    assertThat(written().getRevokedCertificates()).isNull();

    IssuedCertificate revoked = authority.revoke(bad.serial(), Reason.KEY_COMPROMISE);
    now = NOON.plusSeconds(77);

    assertThat(authority.revoke(bad.serial(), Reason.SUPERSEDED)).as("again").isEqualTo(revoked);
    assertThat(authority.list()).containsExactly(revoked, good);
    X509CRL list = written();
    assertThat(list.getRevokedCertificates())
        .singleElement()
        .returns(new BigInteger(bad.serial(), 16), entry -> entry.getSerialNumber())
        .returns(NOON, entry -> entry.getRevocationDate().toInstant());
    assertThat(authority.issue("potsdam", DAYS_90).files().revocationLists())
        .isEqualTo(Pem.text(list));
    assertThatThrownBy(() -> authority.renew(bad.serial(), DAYS_90))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("it was revoked");
  }

  @Test
  void writesTheListAnewForAnother30DaysAndTillItsOwnEnd() throws Exception {
    CertificateAuthority authority = initialized();
    authority.revoke(authority.issue("berlin", DAYS_90).certificate().serial(), Reason.UNSPECIFIED);
    now = NOON.plus(Duration.ofDays(20));

    X509CRL list = Pem.revocationLists(authority.revocationList()).getFirst();

    assertThat(Certificates.isOld(list, now.plus(Duration.ofDays(29)))).isFalse();
    assertThat(Certificates.isOld(list, now.plus(Duration.ofDays(31)))).isTrue();
    assertThat(list.getNextUpdate())
        .as("other programs believe nobody by a list that has ended")
        .isEqualTo(Pem.certificates(authority.certificate()).getFirst().getNotAfter());
    assertThat(list.getRevokedCertificates()).hasSize(1);
    assertThat(Pem.text(written())).isEqualTo(Pem.text(list));
  }

  @Test
  void leavesOutOfTheListWhatHasEnded() throws Exception {
    CertificateAuthority authority = initialized();
    IssuedCertificate revoked =
        authority.revoke(
            authority.issue("berlin", DAYS_90).certificate().serial(), Reason.UNSPECIFIED);
    now = NOON.plus(DAYS_90).plus(Duration.ofDays(1));
    assertThat(Pem.revocationLists(authority.revocationList()).getFirst().getRevokedCertificates())
        .hasSize(1);

    now = now.plusSeconds(1);
    assertThat(Pem.revocationLists(authority.revocationList()).getFirst().getRevokedCertificates())
        .isNull();
    assertThat(authority.list()).containsExactly(revoked);
  }

  @Test
  void readsWhatItWroteBeforeThereWereRoles() throws IOException {
    initialized();
    Files.writeString(
        folder().resolve("issued"),
        """
        switchback-ca 1\t3
        a1\tberlin\t2026-11-01T00:00:00Z\t2027-01-01T00:00:00Z
        b2\tpotsdam\t2026-11-01T00:00:00Z\t2027-01-01T00:00:00Z\t2026-11-02T00:00:00Z\tSUPERSEDED
        """);

    IssuedCertificate tenant =
        authority().issue(CertificateRole.TENANT, "acme", DAYS_90).certificate();

    assertThat(authority().list())
        .extracting(one -> one.role() + " " + one.name() + " " + one.revocation().isPresent())
        .containsExactly(
            "SITE_WORKER berlin false", "SITE_WORKER potsdam true", "TENANT acme false");
    assertThat(authority().list()).contains(tenant);
  }

  @Test
  void takesBackAllOfOneTenantAndOfNoSiteOfThatName() throws Exception {
    CertificateAuthority authority = initialized();
    IssuedCertificate site = authority.issue("acme", DAYS_90).certificate();
    authority.issue(CertificateRole.TENANT, "acme", DAYS_90);
    authority.issue(CertificateRole.TUNNEL_SERVER, "acme", DAYS_90);
    IssuedCertificate other =
        authority.issue(CertificateRole.TENANT, "acme2", DAYS_90).certificate();

    assertThat(authority.revokeTenant("acme", Reason.CESSATION_OF_OPERATION)).hasSize(2);

    assertThat(authority.revokeTenant("acme", Reason.KEY_COMPROMISE)).as("again").isEmpty();
    assertThat(written().getRevokedCertificates()).hasSize(2);
    assertThat(authority.list().stream().filter(one -> one.revocation().isEmpty()))
        .containsExactly(site, other);
  }

  @Test
  void losesNothingWhenManyUseItAtOnce() throws Exception {
    initialized();
    List<Callable<IssuedCertificate>> work = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      String site = "site-" + i;
      boolean revokes = i % 3 == 0;
      work.add(
          () -> {
            CertificateAuthority own = authority();
            IssuedCertificate issued = own.issue(site, DAYS_90).certificate();
            return revokes ? own.revoke(issued.serial(), Reason.SUPERSEDED) : issued;
          });
    }
    List<IssuedCertificate> made = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var one : threads.invokeAll(work)) {
        made.add(one.get());
      }
    }

    assertThat(authority().list()).containsExactlyInAnyOrderElementsOf(made);
    assertThat(written().getRevokedCertificates()).hasSize(8);
  }

  @Test
  void isMadeOnceAndBegunAnewWhereItsMakerDied() throws IOException {
    initialized();
    assertThatThrownBy(() -> authority().init("again"))
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("There is an authority")
        .hasMessageContaining("--dir");

    Files.delete(folder().resolve("issued"));
    authority().init("after a crash");
    assertThat(authority().issue("berlin", DAYS_90).certificate().name()).isEqualTo("berlin");
  }

  @Test
  void refusesInSentences() throws IOException {
    assertThatThrownBy(() -> authority().list())
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("There is no authority in")
        .hasMessageContaining("`switchback ca init`");
    assertThat(folder()).as("looking makes nothing").doesNotExist();
    CertificateAuthority authority = initialized();
    assertThatThrownBy(() -> authority.issue("ber lin", DAYS_90))
        .hasMessageContaining("'ber lin' is no name of a site");
    assertThatThrownBy(() -> authority.issue("berlin\tx", DAYS_90))
        .isInstanceOf(TrustException.class);
    assertThatThrownBy(() -> authority.issue("berlin", Duration.ofDays(4000)))
        .hasMessageContaining("at most until 2036-");
    assertThatThrownBy(() -> authority.issue("berlin", Duration.ofMinutes(1)))
        .hasMessageContaining("at least an hour");
    assertThatThrownBy(() -> authority.revoke("abc", Reason.UNSPECIFIED))
        .hasMessageContaining("No certificate with serial 'abc'");
    Files.writeString(folder().resolve("issued"), "switchback-ca 1\t1\nnonsense\n");
    assertThatThrownBy(authority::list).hasMessageContaining("it is damaged. Restore it");
    Files.writeString(folder().resolve("issued"), "switchback-ca 1\t1\n");
    Files.writeString(folder().resolve("ca.key"), "");
    assertThatThrownBy(() -> authority.issue("berlin", DAYS_90))
        .hasMessageContaining("cannot be used");
    Files.delete(folder().resolve("ca.key"));
    assertThatThrownBy(() -> authority.issue("berlin", DAYS_90)).hasMessageContaining("is gone");
  }

  private CertificateAuthority initialized() {
    authority().init("Estate");
    return authority();
  }

  private CertificateAuthority authority() {
    return new CertificateAuthority(folder(), () -> now);
  }

  private Path folder() {
    return directory.resolve("ca");
  }

  private X509CRL written() throws Exception {
    return Pem.revocationLists(Files.readString(folder().resolve("crl.pem"))).getFirst();
  }
}
