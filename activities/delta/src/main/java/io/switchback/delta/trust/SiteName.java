package io.switchback.delta.trust;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The site in a certificate: an alternative name, {@code urn:switchback:site:<name>}. */
final class SiteName {
  private static final String PREFIX = "urn:switchback:site:";
  private static final Integer URI = 6;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private SiteName() {}

  /**
   * Returns {@code site}.
   *
   * @throws TrustException if no site can be called so
   */
  static String required(String site) {
    if (!NAME.matcher(site).matches()) {
      throw new TrustException(
          "'%s' is no name of a site: it must be of letters, digits, '.', '_' and '-', and at most 64 of them."
              .formatted(site));
    }
    return site;
  }

  /** The alternative name for {@code site}. */
  static String uri(String site) {
    return PREFIX + required(site);
  }

  /** The site that {@code certificate} names; empty when it names none, or several. */
  static Optional<String> of(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names == null) {
        return Optional.empty();
      }
      List<String> sites =
          names.stream()
              .filter(name -> URI.equals(name.get(0)) && name.get(1) instanceof String)
              .map(name -> (String) name.get(1))
              .filter(uri -> uri.startsWith(PREFIX))
              .map(uri -> uri.substring(PREFIX.length()))
              .toList();
      return sites.size() == 1 ? Optional.of(sites.getFirst()) : Optional.empty();
    } catch (CertificateParsingException damaged) {
      return Optional.empty();
    }
  }
}
