package io.switchback.notify;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where to call. The webhook's URL usually holds the token that lets one call it, so it is a secret
 * and is never shown.
 *
 * @param webhook an http or https URL; empty when nobody shall be called
 * @param limit how long a call may take, at most 10 s
 */
public record NotifySettings(Optional<URI> webhook, Duration limit) {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  public NotifySettings {
    if (!webhook.map(NotifySettings::isCallable).orElse(true)) {
      throw new IllegalArgumentException(
          "The webhook must be an http or https URL with a host (it is not shown here, as it may hold a token).");
    }
    if (!limit.isPositive() || limit.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "The webhook's limit must be above zero and at most " + LONGEST + ", not " + limit + ".");
    }
  }

  /** Calls nobody. */
  public static NotifySettings none() {
    return new NotifySettings(Optional.empty(), LONGEST);
  }

  /**
   * Calls {@code url}.
   *
   * @throws IllegalArgumentException if it is not an http or https URL; the message does not repeat
   *     it
   */
  public static NotifySettings webhook(String url) {
    URI parsed;
    try {
      parsed = URI.create(url);
    } catch (IllegalArgumentException _) {
      // The cause would repeat the URL.
      parsed = URI.create("malformed");
    }
    return new NotifySettings(Optional.of(parsed), LONGEST);
  }

  private static boolean isCallable(URI url) {
    return ("http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()))
        && url.getHost() != null;
  }

  @Override
  public String toString() {
    return "NotifySettings[webhook="
        + webhook.map(url -> url.getScheme() + "://" + url.getHost() + "/…").orElse("none")
        + ", limit="
        + limit
        + "]";
  }
}
