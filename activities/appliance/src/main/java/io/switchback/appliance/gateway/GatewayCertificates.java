package io.switchback.appliance.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.switchback.delta.trust.CertificateRole;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the gateway shows to tenants, and by which it judges what they show; all of it PEM. */
public final class GatewayCertificates {
  private static final Duration LIST_IS_NEW = Duration.ofDays(30);
  private static final Duration SOON = Duration.ofDays(14);

  private final String identity;
  private final String authorities;
  private final String revocationLists;
  private final X509Certificate certificate;
  private final List<X509CRL> lists;

  private GatewayCertificates(
      String identity,
      String authorities,
      String revocationLists,
      X509Certificate certificate,
      List<X509CRL> lists) {
    this.identity = identity;
    this.authorities = authorities;
    this.revocationLists = revocationLists;
    this.certificate = certificate;
    this.lists = lists;
  }

  /**
   * Reads {@code gateway.pem}, {@code ca.pem} and {@code crl.pem}, as {@code switchback ca gateway}
   * writes them.
   *
   * @throws FaultException CERTIFICATE_REFUSED if one of them cannot be used, or tenants would not
   *     believe who shows that certificate {@code now}
   */
  public static GatewayCertificates read(Path folder, Instant now) {
    Path file = folder.resolve(CertificateRole.GATEWAY.file());
    try {
      String identity = Files.readString(file);
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(stream(identity.substring(certificateAt(identity))));
      if (CertificateRole.GATEWAY.nameIn(certificate).isEmpty()) {
        throw unusable(file, "its certificate was not made for a cloud gateway", null);
      }
      Instant end = certificate.getNotAfter().toInstant();
      if (end.isBefore(now)) {
        throw unusable(file, "its certificate was good until " + end, null);
      }
      file = folder.resolve("ca.pem");
      String authorities = Files.readString(file);
      file = folder.resolve("crl.pem");
      String revocationLists = Files.readString(file);
      Collection<? extends CRL> lists =
          CertificateFactory.getInstance("X.509").generateCRLs(stream(revocationLists));
      return new GatewayCertificates(
          identity,
          authorities,
          revocationLists,
          certificate,
          lists.stream().map(X509CRL.class::cast).toList());
    } catch (NoSuchFileException none) {
      throw unusable(file, "there is no such file", none);
    } catch (IOException | GeneralSecurityException damaged) {
      throw unusable(file, damaged.toString(), damaged);
    }
  }

  /** What should be looked after before it stops something, in sentences. */
  public List<String> warnings(Instant now) {
    return Stream.of(listIsOld(now), endsSoon(now))
        .flatMap(Optional::stream)
        .collect(Collectors.toList());
  }

  private Optional<String> listIsOld(Instant now) {
    // It is obeyed all the same: a disaster is when nobody renews lists.
    return lists.stream()
            .noneMatch(list -> list.getThisUpdate().toInstant().plus(LIST_IS_NEW).isBefore(now))
        ? Optional.empty()
        : Optional.of(
            "The revocation list is older than 30 days. Put there what `switchback ca crl` writes.");
  }

  private Optional<String> endsSoon(Instant now) {
    Instant end = certificate.getNotAfter().toInstant();
    return end.isAfter(now.plus(SOON))
        ? Optional.empty()
        : Optional.of(
            "The gateway's certificate is good until %s only. Renew it with `switchback ca gateway %s`."
                .formatted(end, CertificateRole.GATEWAY.nameIn(certificate).orElse("<name>")));
  }

  String identity() {
    return identity;
  }

  String authorities() {
    return authorities;
  }

  String revocationLists() {
    return revocationLists;
  }

  /**
   * Tells apart what makes a difference to a handshake. A revocation list that was only written
   * anew makes none.
   */
  String fingerprint() {
    String revoked =
        lists.stream()
            .flatMap(list -> Stream.ofNullable(list.getRevokedCertificates()))
            .flatMap(Set::stream)
            .map(entry -> entry.getSerialNumber().toString(16))
            .sorted()
            .collect(Collectors.joining(" "));
    return String.join("\n", identity, authorities, String.valueOf(lists.size()), revoked);
  }

  /**
   * @param serial hexadecimal
   */
  boolean isRevoked(String serial) {
    BigInteger number = new BigInteger(serial, 16);
    return lists.stream().anyMatch(list -> list.getRevokedCertificate(number) != null);
  }

  private static int certificateAt(String identity) throws GeneralSecurityException {
    int begin = identity.indexOf("-----BEGIN CERTIFICATE-----");
    if (begin < 0) {
      throw new GeneralSecurityException("it holds no certificate");
    }
    return begin;
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static FaultException unusable(
      Path file, String why, @org.jspecify.annotations.Nullable Exception cause) {
    return new FaultException(
        Fault.CERTIFICATE_REFUSED,
        "Could not use '%s': %s. Put there what `switchback ca gateway <name>` wrote, then try again."
            .formatted(file, why),
        cause);
  }
}
