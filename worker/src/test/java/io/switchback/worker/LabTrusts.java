package io.switchback.worker;

import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.GrantKeys;
import io.switchback.model.CredentialReference;
import io.switchback.worker.local.HostPort;
import io.switchback.worker.local.Ports;
import io.switchback.worker.stream.StreamSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Certificates of berlin's and potsdam's workers, and the key of the control side. */
final class LabTrusts {
  private final Path folder;
  private final int port = Ports.free(0);

  LabTrusts(Path directory) throws IOException {
    folder = Files.createDirectories(directory.resolve("trust"));
    CertificateAuthority authority =
        new CertificateAuthority(folder.resolve("ca"), InstantSource.system());
    authority.init("Lab");
    for (String site : new String[] {"berlin", "potsdam"}) {
      authority.issue(site, CertificateAuthority.USUALLY_LASTS).files().write(folder.resolve(site));
    }
    KeyPair keys = GrantKeys.make();
    Files.writeString(folder.resolve("grant.key"), GrantKeys.pem(keys.getPrivate()));
    Files.writeString(folder.resolve("grant.key.pub"), GrantKeys.pem(keys.getPublic()));
  }

  /** Of a worker that signs grants. */
  StreamSettings control() {
    return settings(Map.of(), Map.of(), Optional.of(folder.resolve("grant.key")));
  }

  /** Of a worker that serves the disks of {@code site}. */
  StreamSettings serving(String site) {
    return settings(
        Map.of(site, new HostPort("127.0.0.1", port)),
        Map.of(site, folder.resolve(site)),
        Optional.empty());
  }

  /** Of a worker that dials in the name of {@code site}. */
  StreamSettings dialling(String site) {
    return settings(Map.of(), Map.of(site, folder.resolve(site)), Optional.empty());
  }

  private StreamSettings settings(
      Map<String, HostPort> addresses, Map<String, Path> certificates, Optional<Path> signingKey) {
    return new StreamSettings(
        addresses,
        certificates,
        false,
        Optional.of(folder.resolve("grant.key.pub")),
        signingKey.map(
            file -> new CredentialReference(CredentialReference.Source.FILE, file.toString())),
        folder.resolve("fences"));
  }
}
