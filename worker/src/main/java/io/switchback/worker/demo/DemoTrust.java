package io.switchback.worker.demo;

import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.GrantKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/**
 * What workers of some sites need to believe each other, in one folder: certificates by an
 * authority of its own, and the key for grants.
 *
 * @param folder that holds it
 */
public record DemoTrust(Path folder) {

  /** Makes all of it anew in an empty folder. */
  public static DemoTrust make(Path folder, List<String> sites) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    DemoTrust made = new DemoTrust(folder);
    CertificateAuthority authority =
        new CertificateAuthority(folder.resolve("ca"), InstantSource.system());
    authority.init("Switchback demo");
    for (String site : sites) {
      authority.issue(site, CertificateAuthority.USUALLY_LASTS).files().write(made.worker(site));
    }
    KeyPair keys = GrantKeys.make();
    Files.writeString(made.signingKey(), GrantKeys.pem(keys.getPrivate()));
    Files.writeString(made.grantKeys(), GrantKeys.pem(keys.getPublic()));
    return made;
  }

  /** The certificate of a worker of {@code site}. */
  public Path worker(String site) {
    return folder.resolve(site);
  }

  /** The private key for grants. */
  public Path signingKey() {
    return folder.resolve("grant.key");
  }

  /** Its public half. */
  public Path grantKeys() {
    return folder.resolve("grant.key.pub");
  }

  /** Options of a worker that serves both sites' disks, and dials for both. */
  List<String> options(String production, int port, String recovery, int otherPort) {
    return Stream.of(
            List.of("--data-address", production + "=127.0.0.1:" + port),
            List.of("--data-address", recovery + "=127.0.0.1:" + otherPort),
            List.of("--certificates", production + "=" + worker(production)),
            List.of("--certificates", recovery + "=" + worker(recovery)),
            List.of("--grant-keys", grantKeys().toString()),
            List.of("--grant-signing-key", "file:" + signingKey()))
        .flatMap(List::stream)
        .toList();
  }
}
