package io.switchback.delta.trust;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What the holder of a certificate needs to show it and to judge those of others, all of it PEM.
 *
 * @param role that decides what the file of {@code identity} is called
 * @param identity private key, certificate and the authority's: one file, so that whoever reads
 *     while it is replaced never has the key of another certificate
 * @param authorities whom it believes; several while the authority changes
 * @param revocationLists one of each authority
 */
public record CertificateFiles(
    CertificateRole role, String identity, String authorities, String revocationLists) {
  /**
   * Writes {@link CertificateRole#file}, {@code ca.pem} and {@code crl.pem} into {@code folder},
   * each at once and readable by its owner alone. Files that are there are replaced.
   */
  public void write(Path folder) throws IOException {
    OwnFiles.exclusively(
        folder,
        () -> {
          OwnFiles.replace(folder.resolve("ca.pem"), authorities);
          OwnFiles.replace(folder.resolve("crl.pem"), revocationLists);
          OwnFiles.replace(folder.resolve(role.file()), identity);
          return folder;
        });
  }

  @Override
  public String toString() {
    return "CertificateFiles[" + role + "]";
  }
}
