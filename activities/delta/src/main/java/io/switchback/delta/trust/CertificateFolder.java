package io.switchback.delta.trust;

import io.switchback.delta.trust.CertificateAuthority.Issued;
import io.switchback.delta.trust.IssuedCertificate.Reason;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A folder whose certificates are kept good: each has a successor long before it ends, and both are
 * good for that while, so that whoever shows it can change without haste.
 */
public final class CertificateFolder {
  /** Of the time that a certificate lasts, the last part in which it gets its successor. */
  private static final int LAST_PART = 3;

  private final Path folder;
  private final CertificateAuthority authority;
  private final InstantSource clock;

  public CertificateFolder(Path folder, CertificateAuthority authority, InstantSource clock) {
    this.folder = folder;
    this.authority = authority;
    this.clock = clock;
  }

  /**
   * What the folder holds for a role.
   *
   * @param isNew whether it was issued now; else it was there and stays good for a while
   */
  public record Kept(IssuedCertificate certificate, boolean isNew) {}

  /**
   * Sees to it that the folder holds a certificate for {@code name} in {@code role} which does not
   * end soon. One that is missing, was revoked or is in the last third of its time gets a successor
   * with a new key; another one is left alone. The folder is what counts, so whoever died between
   * issuing and writing issues once more.
   *
   * @param now whether it gets a successor in any case
   * @throws TrustException if the folder holds somebody else's certificate there, or cannot be
   *     written; what was issued for it is then revoked
   */
  public Kept keep(CertificateRole role, String name, Duration lasting, boolean now) {
    Path file = folder.resolve(role.file());
    Optional<IssuedCertificate> there = there(file, role, role.required(name));
    if (!now && there.isPresent() && isGoodForAWhile(there.get())) {
      return new Kept(there.get(), false);
    }
    Issued issued = authority.issue(role, name, lasting);
    try {
      issued.files().write(folder);
    } catch (IOException failure) {
      // A certificate whose key nobody has is none to leave behind.
      authority.revoke(issued.certificate().serial(), Reason.CESSATION_OF_OPERATION);
      throw new TrustException(
          "Could not write to '%s': %s. The certificate was revoked; make room or name another folder with --out, then try again."
              .formatted(folder, failure),
          failure);
    }
    return new Kept(issued.certificate(), true);
  }

  private Optional<IssuedCertificate> there(Path file, CertificateRole role, String name) {
    BigInteger serial;
    try {
      List<X509Certificate> chain = Pem.certificates(Files.readString(file));
      if (chain.isEmpty()) {
        throw new GeneralSecurityException("it holds no certificate");
      }
      serial = chain.getFirst().getSerialNumber();
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException | GeneralSecurityException unusable) {
      throw new TrustException(
          "Could not read '%s': %s. Move it away or name another folder with --out."
              .formatted(file, unusable.getMessage()),
          unusable);
    }
    return Optional.of(
        authority.list().stream()
            .filter(one -> one.serial().equals(serial.toString(16)))
            .filter(one -> one.role() == role && one.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new TrustException(
                        "'%s' holds a certificate that this authority did not issue as that of the %s for %s '%s'. Move it away or name another folder with --out."
                            .formatted(file, role.unit(), role.bearer(), name))));
  }

  private boolean isGoodForAWhile(IssuedCertificate certificate) {
    Duration time = Duration.between(certificate.issuedAt(), certificate.expiresAt());
    Instant due = certificate.expiresAt().minus(time.dividedBy(LAST_PART));
    return certificate.revocation().isEmpty() && clock.instant().isBefore(due);
  }
}
