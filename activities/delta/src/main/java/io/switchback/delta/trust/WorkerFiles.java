package io.switchback.delta.trust;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What a site worker needs to serve and to dial, all of it PEM.
 *
 * @param identity private key, certificate and the authority's: one file, so that a worker which
 *     reads while it is replaced never has the key of another certificate
 * @param authorities whom it believes; several while the authority changes
 * @param revocationLists one of each authority
 */
public record WorkerFiles(String identity, String authorities, String revocationLists) {
  /**
   * Writes {@code worker.pem}, {@code ca.pem} and {@code crl.pem} into {@code folder}, each at once
   * and readable by its owner alone. Files that are there are replaced.
   */
  public void write(Path folder) throws IOException {
    OwnFiles.exclusively(
        folder,
        () -> {
          OwnFiles.replace(folder.resolve("ca.pem"), authorities);
          OwnFiles.replace(folder.resolve("crl.pem"), revocationLists);
          OwnFiles.replace(folder.resolve("worker.pem"), identity);
          return folder;
        });
  }

  @Override
  public String toString() {
    return "WorkerFiles";
  }
}
