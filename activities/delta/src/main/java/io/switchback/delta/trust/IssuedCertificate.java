package io.switchback.delta.trust;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What an authority remembers of a certificate.
 *
 * @param serial hexadecimal, unique in its authority
 * @param role what it was made for
 * @param name of the site, tenant or gateway that it is of
 * @param expiresAt its last moment
 * @param revocation when and why it was taken back, if it was
 */
public record IssuedCertificate(
    String serial,
    CertificateRole role,
    String name,
    Instant issuedAt,
    Instant expiresAt,
    Optional<Revocation> revocation) {
  /** Why a certificate is taken back; the names are those of X.509. */
  public enum Reason {
    UNSPECIFIED(0),
    KEY_COMPROMISE(1),
    SUPERSEDED(4),
    CESSATION_OF_OPERATION(5);

    private final int number;

    Reason(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    /** As people type it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** That a certificate was taken back. */
  public record Revocation(Instant at, Reason reason) {}

  IssuedCertificate revoked(Instant at, Reason reason) {
    return new IssuedCertificate(
        serial, role, name, issuedAt, expiresAt, Optional.of(new Revocation(at, reason)));
  }
}
