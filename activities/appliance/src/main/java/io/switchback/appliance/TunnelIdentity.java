package io.switchback.appliance;

import io.switchback.delta.trust.CertificateRole;
import io.switchback.delta.trust.TrustException;
import io.switchback.model.Mistakes;

/**
 * How one end of a tunnel proves who it is, and whom it believes; all of it PEM.
 *
 * @param keyAndCertificate the private key and its certificate; secret
 * @param authorities whose certificates are believed
 * @param revocationLists of each authority; the tunnel is refused when one has run out
 * @param peer the tenant whose other end it is; the certificate there must be of that tenant, and
 *     made for that end
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
        .unless(isTenant(peer), "the peer must be named as a tenant is")
        .refuse("tunnel identity");
  }

  private static boolean isTenant(String name) {
    try {
      CertificateRole.TUNNEL_SERVER.required(name);
      return true;
    } catch (TrustException none) {
      return false;
    }
  }

  @Override
  public String toString() {
    return "TunnelIdentity[peer=" + peer + "]";
  }
}
