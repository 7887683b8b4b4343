package io.switchback.worker.command;

import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.CertificateFolder;
import io.switchback.delta.trust.CertificateFolder.Kept;
import io.switchback.delta.trust.CertificateRole;
import io.switchback.delta.trust.IssuedCertificate;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import picocli.CommandLine.Option;

/** {@code --now}, the same wherever certificates are kept good. */
public final class SuccessorOption {
  @Option(
      names = "--now",
      description = "Make a successor with a new key even for what is good for long.")
  private boolean now;

  void keep(
      CertificateAuthority authority,
      CertificateRole role,
      String name,
      Duration lasting,
      Path folder,
      PrintWriter out) {
    Kept kept =
        new CertificateFolder(folder, authority, InstantSource.system())
            .keep(role, name, lasting, now);
    IssuedCertificate certificate = kept.certificate();
    out.printf(
        "%s %s of %s %s, good until %s, %s %s.%n",
        kept.isNew() ? "Certificate" : "Left alone: certificate",
        certificate.serial(),
        role.bearer(),
        name,
        certificate.expiresAt(),
        kept.isNew() ? "is in" : "in",
        folder.resolve(role.file()));
  }
}
