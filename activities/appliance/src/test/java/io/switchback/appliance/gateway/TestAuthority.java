package io.switchback.appliance.gateway;

import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.CertificateRole;
import io.switchback.delta.trust.IssuedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Switchback's own authority, and the folders of those that it certifies. */
final class TestAuthority {
  static final Duration LASTING = Duration.ofDays(90);

  private final Path directory;
  private final CertificateAuthority authority;
  private String others = "";

  TestAuthority(Path directory) {
    this.directory = directory;
    this.authority = new CertificateAuthority(directory.resolve("ca"), Instant::now);
    authority.init("Lab");
    issue(CertificateRole.GATEWAY, "potsdam", "gateway-files");
  }

  CertificateAuthority authority() {
    return authority;
  }

  /** Another authority of the same name. */
  TestAuthority foreign() {
    return new TestAuthority(directory.resolve("foreign"));
  }

  /** A certificate that opens the gateway for {@code name}, were it of a tenant. */
  Shown issue(CertificateRole role, String name, String folder) {
    return write(authority.issue(role, name, LASTING), folder);
  }

  Shown tenant(String name) {
    return issue(CertificateRole.TENANT, name, name);
  }

  /** One whose time is over. */
  Shown expired(String name) {
    Instant then = Instant.now().minus(Duration.ofDays(2));
    return write(
        new CertificateAuthority(directory.resolve("ca"), () -> then)
            .issue(CertificateRole.TENANT, name, Duration.ofDays(1)),
        "expired-" + name);
  }

  /** The gateway believes another authority as well. */
  void alsoBelieve(TestAuthority second) throws IOException {
    others = second.authority.revocationList();
    Files.writeString(
        directory.resolve("gateway-files/ca.pem"),
        authority.certificate() + second.authority.certificate());
  }

  /** What the gateway shows and knows now. */
  GatewayCertificates ofGateway() {
    try {
      Files.writeString(
          directory.resolve("gateway-files/crl.pem"), authority.revocationList() + others);
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
    return GatewayCertificates.read(directory.resolve("gateway-files"), Instant.now());
  }

  private Shown write(CertificateAuthority.Issued issued, String folder) {
    try {
      issued.files().write(directory.resolve(folder));
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
    return new Shown(directory.resolve(folder), issued.certificate());
  }

  /** A folder with a key and its certificate. */
  record Shown(Path folder, IssuedCertificate certificate) {
    Path file() {
      return folder.resolve(certificate.role().file());
    }
  }
}
