package io.switchback.appliance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether what an appliance shows and believes is valid at a time. */
final class IdentityValidity {
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";

  private IdentityValidity() {}

  /**
   * @param there the time that the appliance's clock has
   */
  static List<String> findings(Appliance appliance, TunnelIdentity identity, Instant there) {
    List<String> findings = new ArrayList<>();
    try {
      String own =
          identity.keyAndCertificate().substring(identity.keyAndCertificate().indexOf(BEGIN));
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      within(
              appliance,
              "its certificate",
              (X509Certificate) factory.generateCertificate(stream(own)),
              there)
          .ifPresent(findings::add);
      for (X509Certificate one : certificates(factory, identity.authorities())) {
        within(appliance, "the authority's certificate", one, there).ifPresent(findings::add);
      }
      for (Object one : factory.generateCRLs(stream(identity.revocationLists()))) {
        list(appliance, (X509CRL) one, there).ifPresent(findings::add);
      }
    } catch (GeneralSecurityException damaged) {
      findings.add(
          "A certificate or revocation list for %s cannot be read: %s. Bring there what `switchback ca tenant <name>` writes."
              .formatted(appliance.words(), damaged.getMessage()));
    }
    return findings;
  }

  private static List<X509Certificate> certificates(CertificateFactory factory, String pem)
      throws GeneralSecurityException {
    return factory.generateCertificates(stream(pem)).stream()
        .map(X509Certificate.class::cast)
        .toList();
  }

  private static Optional<String> within(
      Appliance appliance, String what, X509Certificate certificate, Instant there) {
    Instant begin = certificate.getNotBefore().toInstant();
    Instant end = certificate.getNotAfter().toInstant();
    if (there.isBefore(begin)) {
      return Optional.of(
          "%s has the time %s, and %s is good from %s only. Set its clock; if that is right, look at the clock of whoever issued the certificate."
              .formatted(sentenceHead(appliance), there, what, begin));
    }
    if (there.isAfter(end)) {
      return Optional.of(
          "%s has the time %s, and %s was good until %s. Set its clock; if that is right, renew the certificate with `switchback ca tenant <name>` and bring it there."
              .formatted(sentenceHead(appliance), there, what, end));
    }
    return Optional.empty();
  }

  /** OpenVPN refuses everybody by a list that is not yet, or no longer, good. */
  private static Optional<String> list(Appliance appliance, X509CRL list, Instant there) {
    boolean isEarly = there.isBefore(list.getThisUpdate().toInstant());
    boolean isOver =
        list.getNextUpdate() != null && there.isAfter(list.getNextUpdate().toInstant());
    return isEarly || isOver
        ? Optional.of(
            "%s has the time %s, and its revocation list is good from %s until %s: it would refuse everybody. Set its clock; if that is right, bring there what `switchback ca crl` writes."
                .formatted(
                    sentenceHead(appliance),
                    there,
                    list.getThisUpdate().toInstant(),
                    list.getNextUpdate() == null ? "for ever" : list.getNextUpdate().toInstant()))
        : Optional.empty();
  }

  private static String sentenceHead(Appliance appliance) {
    String words = appliance.words();
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static ByteArrayInputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(UTF_8));
  }
}
