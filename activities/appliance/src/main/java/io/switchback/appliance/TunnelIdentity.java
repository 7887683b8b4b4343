package io.switchback.appliance;

import io.switchback.model.Mistakes;

/**
 * How one end of a tunnel proves who it is, and whom it believes; all of it PEM.
 *
 * @param keyAndCertificate the private key and its certificate; secret
 * @param authorities whose certificates are believed
 * @param revocationLists of each authority; the tunnel is refused when one has run out
 * @param peer the common name that the other end's certificate must show
 */
public record TunnelIdentity(
    String keyAndCertificate, String authorities, String revocationLists, String peer) {
  public TunnelIdentity {
    new Mistakes()
        .unless(
            keyAndCertificate.contains("PRIVATE KEY-----")
                && keyAndCertificate.contains("-----BEGIN CERTIFICATE-----"),
            "the private key or the certificate is missing")
        .required(authorities, "authorities")
        .required(revocationLists, "revocationLists")
        .unless(
            peer.matches("[A-Za-z0-9._-]{1,64}"),
            "the peer's name must be of letters, digits, '.', '_' and '-'")
        .refuse("tunnel identity");
  }

  @Override
  public String toString() {
    return "TunnelIdentity[peer=" + peer + "]";
  }
}
