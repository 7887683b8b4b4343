package io.switchback.worker.stream;

import io.switchback.delta.trust.GrantKeys;
import io.switchback.delta.trust.GrantSigner;
import io.switchback.delta.trust.GrantVerifier;
import io.switchback.delta.trust.SeenFences;
import io.switchback.delta.trust.SeenFencesFolder;
import io.switchback.delta.trust.SiteTls;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.site.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys and certificates of this worker. Everything is read anew when it is used, so that all of it
 * can be changed while the worker runs.
 */
public final class StreamTrust {
  private static final Logger log = LoggerFactory.getLogger(StreamTrust.class);
  private static final Duration SOON = Duration.ofDays(14);
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final StreamSettings settings;
  private final Credentials credentials;
  private final InstantSource clock;
  private final SeenFences seen;

  public StreamTrust(StreamSettings settings, Credentials credentials, InstantSource clock) {
    this.settings = settings;
    this.credentials = credentials;
    this.clock = clock;
    this.seen = new SeenFencesFolder(settings.fences());
  }

  /**
   * Tries everything that is set, as a worker does before it begins. Logs which certificates end
   * soon, and which keys others on the machine can read.
   *
   * @throws Refusal when something cannot be used, or is not of the site that it is given for
   */
  public void check() {
    settings.certificates().keySet().stream().sorted().forEach(this::checkCertificate);
    if (settings.grantKeys().isPresent()) {
      grants();
    }
    signer();
  }

  private void checkCertificate(String site) {
    Path folder = folder(site);
    SiteTls tls = SiteTls.of(folder, clock);
    if (!tls.site().equals(site)) {
      throw Refusal.usage(
          "The certificate in '%s' is of site '%s', but was given for site '%s'. Correct --certificates, or issue one with `switchback ca issue %s`."
              .formatted(folder, tls.site(), site, site));
    }
    tls.check();
    Instant end = tls.certificate().getNotAfter().toInstant();
    if (Duration.between(clock.instant(), end).compareTo(SOON) < 0) {
      log.warn(
          "A certificate ends soon. Renew it: `switchback ca renew {} --out <folder>`. site={} end={} folder={}",
          tls.certificate().getSerialNumber().toString(16),
          site,
          end,
          folder);
    }
    if (isOpenToOthers(folder.resolve("worker.pem"))) {
      log.warn(
          "Others on this machine can read or replace a worker's private key. Close the file (`chmod 600`), then renew and revoke"
              + " the certificate. site={} file={}",
          site,
          folder.resolve("worker.pem"));
    }
  }

  /**
   * TLS of this worker as one of {@code site}.
   *
   * @return empty when no certificates are set for it
   */
  public Optional<SiteTls> tls(String site) {
    return settings.certificates().containsKey(site)
        ? Optional.of(SiteTls.of(folder(site), clock))
        : Optional.empty();
  }

  /**
   * Decides whether a grant opens a disk, with the public keys as they are now.
   *
   * @throws Refusal if they cannot be read
   */
  public GrantVerifier grants() {
    Path file =
        settings
            .grantKeys()
            .orElseThrow(
                () ->
                    Refusal.usage(
                        "This worker knows no key for grants. Name the file with --grant-keys."));
    try {
      List<PublicKey> keys = GrantKeys.publicKeys(Files.readString(file));
      return new GrantVerifier(keys, seen, clock);
    } catch (IllegalArgumentException none) {
      throw unreadable(file, String.valueOf(none.getMessage()), none);
    } catch (NoSuchFileException none) {
      throw unreadable(file, "there is no such file", none);
    } catch (IOException failure) {
      throw unreadable(file, failure.toString(), failure);
    }
  }

  /**
   * Signs grants, with the key as it is now.
   *
   * @return empty when no key is set: this worker is not of the control side
   * @throws Refusal if the reference leads to none; the message never holds what it leads to
   */
  public Optional<GrantSigner> signer() {
    if (settings.signingKey().isEmpty()) {
      return Optional.empty();
    }
    String reference = settings.signingKey().get().toString();
    String pem = credentials.ofOption("--grant-signing-key", reference);
    try {
      return Optional.of(GrantSigner.of(pem));
    } catch (IllegalArgumentException none) {
      throw Refusal.usage(
          "--grant-signing-key cannot be used: what '%s' leads to: %s."
              .formatted(reference, none.getMessage()));
    }
  }

  private Path folder(String site) {
    return Objects.requireNonNull(settings.certificates().get(site));
  }

  private static Refusal unreadable(Path file, String why, Exception cause) {
    return new Refusal(
        ExitCode.USAGE,
        "Could not read the public key for grants from '%s': %s. Put there what `switchback ca grant-key` wrote with .pub."
            .formatted(file, why),
        cause);
  }

  private static boolean isOpenToOthers(Path file) {
    try {
      return Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
    } catch (IOException | UnsupportedOperationException untold) {
      // That it cannot be read was told before.
      return false;
    }
  }
}
