package io.switchback.worker.command;

import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.CertificateAuthority.Issued;
import io.switchback.delta.trust.IssuedCertificate;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/** Hands a certificate to whoever sets up its holder. */
final class CaFiles {
  private CaFiles() {}

  static void write(CertificateAuthority authority, Issued issued, Path folder, PrintWriter out) {
    IssuedCertificate certificate = issued.certificate();
    try {
      issued.files().write(folder);
    } catch (IOException failure) {
      // A certificate whose key nobody has is none to leave behind.
      authority.revoke(certificate.serial(), IssuedCertificate.Reason.CESSATION_OF_OPERATION);
      throw new Refusal(
          ExitCode.USAGE,
          "Could not write to '%s': %s. The certificate was revoked; make room or name another folder with --out, then try again."
              .formatted(folder, failure),
          failure);
    }
    out.printf(
        "Certificate %s of %s %s, good until %s, is in %s: %s (with its private key), ca.pem, crl.pem.%n",
        certificate.serial(),
        certificate.role().bearer(),
        certificate.name(),
        certificate.expiresAt(),
        folder,
        certificate.role().file());
  }
}
