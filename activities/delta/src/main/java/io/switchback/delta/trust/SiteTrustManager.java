package io.switchback.delta.trust;

import io.switchback.delta.trust.PeerRefusedException.Reason;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Believes the certificate of a site worker when an authority of ours issued it, it is of this
 * time, it was not revoked, and it names the site that is meant. The name or address of the machine
 * does not matter: workers move.
 */
final class SiteTrustManager extends X509ExtendedTrustManager {
  private static final Logger log = LoggerFactory.getLogger(SiteTrustManager.class);
  private static final Set<String> PURPOSES = Set.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");

  private final List<X509Certificate> authorities;
  private final List<X509CRL> lists;
  private final Optional<String> wanted;
  private final Instant now;

  /**
   * @param wanted site that is dialled; empty at the end that is dialled, where any site may come
   */
  SiteTrustManager(
      List<X509Certificate> authorities,
      List<X509CRL> lists,
      Optional<String> wanted,
      Instant now) {
    this.authorities = List.copyOf(authorities);
    this.lists = List.copyOf(lists);
    this.wanted = wanted;
    this.now = now;
  }

  void check(X509Certificate[] chain) throws CertificateException {
    if (chain == null || chain.length == 0) {
      throw untrusted(
          Reason.NO_CERTIFICATE,
          "it shows no certificate. Give it the files that `switchback ca issue` wrote for its site");
    }
    X509Certificate certificate = chain[0];
    X509Certificate authority =
        authorities.stream()
            .filter(one -> isSignedBy(certificate, one))
            .findFirst()
            .orElseThrow(
                () ->
                    untrusted(
                        Reason.OTHER_AUTHORITY,
                        "its certificate was issued by '%s', which this worker does not believe. Issue one there, or add that authority to this worker's ca.pem and crl.pem"
                            .formatted(certificate.getIssuerX500Principal())));
    checkPath(certificate, authority);
    checkPurpose(certificate);
    checkSite(certificate);
    checkRevocation(certificate, authority);
  }

  private void checkPath(X509Certificate certificate, X509Certificate authority)
      throws CertificateException {
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPathValidator.getInstance("PKIX")
          .validate(
              CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)),
              parameters);
    } catch (CertPathValidatorException invalid) {
      if (invalid.getReason() == BasicReason.EXPIRED) {
        throw untrusted(
            Reason.CERTIFICATE_EXPIRED,
            "its certificate was good until %s, and here it is %s. Renew it with `switchback ca renew %s`, or set the clock"
                .formatted(certificate.getNotAfter().toInstant(), now, serial(certificate)));
      }
      if (invalid.getReason() == BasicReason.NOT_YET_VALID) {
        throw untrusted(
            Reason.CERTIFICATE_NOT_YET_VALID,
            "its certificate is good from %s on, and here it is %s. Set the clock"
                .formatted(certificate.getNotBefore().toInstant(), now));
      }
      throw untrusted(
          Reason.OTHER_AUTHORITY,
          "its certificate cannot be believed: %s. Issue another one with `switchback ca issue`"
              .formatted(invalid.getMessage()));
    } catch (GeneralSecurityException unusable) {
      throw new CertificateException("The certificate cannot be checked", unusable);
    }
  }

  private void checkPurpose(X509Certificate certificate) throws CertificateException {
    List<String> purposes = certificate.getExtendedKeyUsage();
    if (purposes == null || !purposes.containsAll(PURPOSES)) {
      throw untrusted(
          Reason.OTHER_PURPOSE,
          "its certificate was not made for a site worker. Issue one with `switchback ca issue`");
    }
  }

  private void checkSite(X509Certificate certificate) throws CertificateException {
    Optional<String> site = CertificateRole.SITE_WORKER.nameIn(certificate);
    if (site.isEmpty()) {
      throw untrusted(
          Reason.OTHER_PURPOSE,
          "its certificate names no site. Issue one with `switchback ca issue`");
    }
    if (wanted.isPresent() && !wanted.equals(site)) {
      throw untrusted(
          Reason.OTHER_SITE,
          "its certificate is of site '%s', and site '%s' was dialled. Correct the data address, or give that worker the certificate of its own site"
              .formatted(site.get(), wanted.get()));
    }
  }

  private void checkRevocation(X509Certificate certificate, X509Certificate authority)
      throws CertificateException {
    List<X509CRL> own = lists.stream().filter(list -> isSignedBy(list, authority)).toList();
    if (own.isEmpty()) {
      throw untrusted(
          Reason.REVOCATION_UNKNOWN,
          "this worker has no revocation list of '%s'. Put there what `switchback ca crl` prints"
              .formatted(authority.getSubjectX500Principal()));
    }
    for (X509CRL list : own) {
      if (list.isRevoked(certificate)) {
        throw untrusted(
            Reason.CERTIFICATE_REVOKED,
            "its certificate %s was revoked at %s. Find out who uses it; issue a new one with `switchback ca issue`"
                .formatted(
                    serial(certificate),
                    list.getRevokedCertificate(certificate).getRevocationDate().toInstant()));
      }
    }
    // A disaster is when nobody renews lists, so an old one is better than no connection.
    if (own.stream().allMatch(list -> Certificates.isOld(list, now))) {
      log.warn(
          "The revocation list is old. Put there what `switchback ca crl` prints. authority={}",
          authority.getSubjectX500Principal());
    }
  }

  private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
    } catch (GeneralSecurityException other) {
      return false;
    }
  }

  private static boolean isSignedBy(X509CRL list, X509Certificate authority) {
    try {
      list.verify(authority.getPublicKey());
      return list.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
    } catch (GeneralSecurityException other) {
      return false;
    }
  }

  private static String serial(X509Certificate certificate) {
    return certificate.getSerialNumber().toString(16);
  }

  private static UntrustedException untrusted(Reason reason, String why) {
    return new UntrustedException(reason, why + ", then retry.");
  }

  /**
   * None are named, so that a peer shows the certificate it has and is told what is wrong with it.
   */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain);
  }
}
