package io.switchback.vsphere.soap;

import java.net.URI;
import java.time.Duration;

/**
 * A SOAP server and how it is talked to.
 *
 * @param address as in {@code https://vcenter.example.org/sdk}
 * @param connectTimeout for a connection, with its TLS handshake
 * @param callTimeout from sending a request until its whole answer is here
 * @param largestAnswerBytes more is not read
 */
public record Endpoint(
    URI address,
    Trust trust,
    Duration connectTimeout,
    Duration callTimeout,
    long largestAnswerBytes) {
  /** Enough for a thousand VMs with all that is known of them. */
  private static final long LARGEST_ANSWER = 256L << 20;

  public Endpoint {
    String scheme = address.getScheme();
    if (!("https".equals(scheme) || "http".equals(scheme)) || address.getHost() == null) {
      throw new IllegalArgumentException("endpoint: no http or https address: " + address);
    }
    if (!connectTimeout.isPositive() || !callTimeout.isPositive() || largestAnswerBytes < 1) {
      throw new IllegalArgumentException("endpoint: its limits must be positive");
    }
  }

  /** With 10 s to connect and 2 min for a call. */
  public static Endpoint of(URI address, Trust trust) {
    return new Endpoint(
        address, trust, Duration.ofSeconds(10), Duration.ofMinutes(2), LARGEST_ANSWER);
  }
}
