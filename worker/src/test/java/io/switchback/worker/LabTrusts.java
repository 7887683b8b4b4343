package io.switchback.worker;

import io.switchback.model.CredentialReference;
import io.switchback.worker.demo.DemoTrust;
import io.switchback.worker.local.HostPort;
import io.switchback.worker.local.Ports;
import io.switchback.worker.stream.StreamSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Certificates of berlin's and potsdam's workers, and the key of the control side. */
final class LabTrusts {
  private final Path folder;
  private final DemoTrust trust;
  private final Map<String, Integer> ports = new HashMap<>();

  LabTrusts(Path directory) throws IOException {
    folder = directory.resolve("trust");
    trust = DemoTrust.make(folder, List.of("berlin", "potsdam"));
  }

  /** Of a worker that signs grants. */
  StreamSettings control() {
    return settings(Map.of(), Map.of(), Optional.of(trust.signingKey()));
  }

  /** Of a worker that serves the disks of {@code site}, and dials in its name. */
  StreamSettings of(String site) {
    return settings(
        Map.of(site, new HostPort("127.0.0.1", ports.computeIfAbsent(site, _ -> Ports.free(0)))),
        Map.of(site, trust.worker(site)),
        Optional.empty());
  }

  private StreamSettings settings(
      Map<String, HostPort> addresses, Map<String, Path> certificates, Optional<Path> signingKey) {
    return new StreamSettings(
        addresses,
        certificates,
        false,
        Optional.of(trust.grantKeys()),
        signingKey.map(
            file -> new CredentialReference(CredentialReference.Source.FILE, file.toString())),
        folder.resolve("fences"));
  }
}
