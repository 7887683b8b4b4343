package io.switchback.worker.stream;

import io.switchback.model.CredentialReference;
import io.switchback.worker.local.HostPort;
import io.switchback.worker.local.Refusal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a worker is told about streams of disk bytes between sites.
 *
 * @param addresses where it serves the disks of a site to the other sites' workers, by site
 * @param certificates folder with {@code worker.pem}, {@code ca.pem} and {@code crl.pem}, by the
 *     site whose worker it is
 * @param plainText whether sites without certificates are served and dialled within this machine
 * @param grantKeys file with the public key of the control side, and its successor's below it
 * @param signingKey by which the control side signs grants
 * @param fences folder that keeps the highest fence seen of each disk
 */
public record StreamSettings(
    Map<String, HostPort> addresses,
    Map<String, Path> certificates,
    boolean plainText,
    Optional<Path> grantKeys,
    Optional<CredentialReference> signingKey,
    Path fences) {
  /** Where a data address names no port. */
  public static final int USUAL_PORT = 7500;

  // A name may lead to another machine tomorrow; of names, only this one never does.
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?::1\\]?");

  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]", "*");

  /**
   * @throws Refusal that lists every mistake
   */
  public StreamSettings {
    addresses = Map.copyOf(addresses);
    certificates = Map.copyOf(certificates);
    List<String> mistakes = new ArrayList<>();
    for (Map.Entry<String, HostPort> one : new TreeMap<>(addresses).entrySet()) {
      if (EVERYWHERE.contains(one.getValue().host())) {
        mistakes.add(
            "The workers of other sites cannot dial %s. Name with --data-address an address of this machine that they reach, as in %s=10.1.0.5:%d."
                .formatted(one.getValue(), one.getKey(), one.getValue().port()));
      }
      if (certificates.containsKey(one.getKey())) {
        continue;
      }
      if (!plainText) {
        mistakes.add(
            "Site '%s' has a data address and no certificates. Give them with --certificates %s=<folder>; `switchback ca issue %s` makes them."
                .formatted(one.getKey(), one.getKey(), one.getKey()));
      } else if (!LOOPBACK.matcher(one.getValue().host()).matches()) {
        mistakes.add(
            "--plain-text is for streams within one machine, but the disks of site '%s' would be served at %s. Give a loopback address such as 127.0.0.1:%d, or certificates with --certificates %s=<folder>."
                .formatted(one.getKey(), one.getValue(), one.getValue().port(), one.getKey()));
      }
    }
    if (!addresses.isEmpty() && grantKeys.isEmpty()) {
      mistakes.add(
          "Disks are served only to whom the control side grants it: name the file with its public key with --grant-keys.");
    }
    if (!mistakes.isEmpty()) {
      throw Refusal.usage(String.join(System.lineSeparator(), mistakes));
    }
  }

  /** A worker that neither serves disks to other sites nor dials them. */
  public static StreamSettings none() {
    return new StreamSettings(
        Map.of(), Map.of(), false, Optional.empty(), Optional.empty(), Path.of("fences"));
  }
}
