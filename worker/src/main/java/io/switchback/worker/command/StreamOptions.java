package io.switchback.worker.command;

import io.switchback.delta.RateLimits;
import io.switchback.model.CredentialReference;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.HostPort;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.stream.StreamSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a worker reaches the disks of other sites, and lets their workers reach its own. */
public final class StreamOptions {
  @Option(
      names = "--data-address",
      paramLabel = "<site>=<host:port>",
      split = ",",
      defaultValue = "${env:SWITCHBACK_DATA_ADDRESS}",
      description =
          "Where this worker serves the disks of a site to other sites' workers; may be repeated"
              + " (else $SWITCHBACK_DATA_ADDRESS, parted by commas).")
  private @Nullable Map<String, String> addresses;

  @Option(
      names = "--certificates",
      paramLabel = "<site>=<folder>",
      split = ",",
      defaultValue = "${env:SWITCHBACK_CERTIFICATES}",
      description =
          "What `switchback ca issue <site>` wrote for this worker, to serve and to dial; read at every connection; may"
              + " be repeated (else $SWITCHBACK_CERTIFICATES, parted by commas).")
  private @Nullable Map<String, Path> certificates;

  @Option(
      names = "--grant-keys",
      paramLabel = "<file>",
      defaultValue = "${env:SWITCHBACK_GRANT_KEYS}",
      description =
          "The public key that signs what a transfer may do, and below it its successor while it changes (else"
              + " $SWITCHBACK_GRANT_KEYS).")
  private @Nullable Path grantKeys;

  @Option(
      names = "--grant-signing-key",
      paramLabel = "<reference>",
      defaultValue = "${env:SWITCHBACK_GRANT_SIGNING_KEY}",
      converter = CredentialConverter.class,
      description =
          "Where a worker of the queue switchback finds the private key for it: file:/path, env:NAME or"
              + " 'command:program argument' (else $SWITCHBACK_GRANT_SIGNING_KEY).")
  private @Nullable CredentialReference signingKey;

  @Option(
      names = "--plain-text",
      description =
          "Serve and dial sites without certificates in plain text; loopback addresses only.")
  private boolean plainText;

  @Option(
      names = "--transfer-rate",
      paramLabel = "<size>",
      defaultValue = "${env:SWITCHBACK_TRANSFER_RATE}",
      converter = SizeConverter.class,
      description =
          "What each transfer into this worker's sites may take of the network per second, as 100MiB (else"
              + " $SWITCHBACK_TRANSFER_RATE, else as much as there is).")
  private @Nullable Long transferRate;

  @Option(
      names = "--site-rate",
      paramLabel = "<size>",
      defaultValue = "${env:SWITCHBACK_SITE_RATE}",
      converter = SizeConverter.class,
      description =
          "The same for all transfers from one site together. The workers of a site share it: give it to each of"
              + " them, and Temporal tells them how many they are (else $SWITCHBACK_SITE_RATE).")
  private @Nullable Long siteRate;

  /**
   * How much may travel.
   *
   * @throws Refusal if a limit makes no sense
   */
  RateLimits rateLimits() {
    try {
      return new RateLimits(optional(transferRate), optional(siteRate));
    } catch (IllegalArgumentException senseless) {
      throw Refusal.usage("--transfer-rate, --site-rate: " + senseless.getMessage());
    }
  }

  private static OptionalLong optional(@Nullable Long rate) {
    return rate == null ? OptionalLong.empty() : OptionalLong.of(rate);
  }

  /**
   * What was said.
   *
   * @throws Refusal that lists every mistake
   */
  StreamSettings settings(Home home) {
    Map<String, HostPort> where = new LinkedHashMap<>();
    given(addresses)
        .forEach((site, text) -> where.put(site, HostPort.parse(text, StreamSettings.USUAL_PORT)));
    return new StreamSettings(
        where,
        given(certificates),
        plainText,
        Optional.ofNullable(grantKeys),
        Optional.ofNullable(signingKey),
        home.data().resolve("fences"));
  }

  private static <T> Map<String, T> given(@Nullable Map<String, T> map) {
    return map == null ? Map.of() : map;
  }
}
