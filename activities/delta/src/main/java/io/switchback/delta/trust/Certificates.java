package io.switchback.delta.trust;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * What certificates and revocation lists hold. Keys are of the curve P-256, which every TLS library
 * knows, those of network appliances included.
 */
final class Certificates {
  static final Duration AUTHORITY_LASTS = Duration.ofDays(3650);

  /** A list that is older is still obeyed; whoever reads it says that it is old. */
  private static final Duration LIST_IS_NEW = Duration.ofDays(30);

  /** Clocks differ: a certificate or list is good a little before it is made. */
  private static final Duration EARLIER = Duration.ofMinutes(5);

  private static final Duration CLOCKS_DIFFER_AT_MOST = Duration.ofDays(1);

  private Certificates() {}

  static KeyPair makeKeys() throws GeneralSecurityException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has elliptic curves.", absent);
    }
  }

  static X509Certificate authority(String name, BigInteger serial, KeyPair keys, Instant now)
      throws GeneralSecurityException {
    X500Name subject = name(name, "certificate authority");
    try {
      X509v3CertificateBuilder builder =
          builder(subject, serial, now, now.plus(AUTHORITY_LASTS), subject, keys.getPublic())
              // No authority below this one.
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return signed(builder, keys.getPrivate());
    } catch (CertIOException impossible) {
      throw new GeneralSecurityException(impossible);
    }
  }

  /** A certificate for {@code name} in {@code role}, and in no other. */
  static X509Certificate of(
      CertificateRole role,
      String name,
      BigInteger serial,
      PublicKey key,
      Instant now,
      Instant expiresAt,
      X509Certificate authority,
      PrivateKey authorityKey)
      throws GeneralSecurityException {
    GeneralName uri = new GeneralName(GeneralName.uniformResourceIdentifier, role.uri(name));
    try {
      X509v3CertificateBuilder builder =
          builder(
                  X500Name.getInstance(authority.getSubjectX500Principal().getEncoded()),
                  serial,
                  now,
                  expiresAt,
                  name(role.commonName(name), role.unit()),
                  key)
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  new JcaX509ExtensionUtils()
                      .createAuthorityKeyIdentifier(authority.getPublicKey()))
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(
                  Extension.extendedKeyUsage, false, new ExtendedKeyUsage(role.purposes()))
              .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(uri));
      return signed(builder, authorityKey);
    } catch (CertIOException impossible) {
      throw new GeneralSecurityException(impossible);
    }
  }

  /**
   * The list of those that were taken back. It ends with its authority: other programs believe
   * nobody by a list that has ended, and a disaster is when nobody renews lists.
   */
  static X509CRL revocationList(
      List<IssuedCertificate> issued,
      BigInteger number,
      Instant now,
      X509Certificate authority,
      PrivateKey authorityKey)
      throws GeneralSecurityException {
    X509v2CRLBuilder builder =
        new X509v2CRLBuilder(
            X500Name.getInstance(authority.getSubjectX500Principal().getEncoded()),
            Date.from(now.minus(EARLIER)));
    builder.setNextUpdate(authority.getNotAfter());
    for (IssuedCertificate one : issued) {
      // What has ended is refused for that; without it the list stays short, as other programs need
      // it.
      if (one.expiresAt().plus(CLOCKS_DIFFER_AT_MOST).isBefore(now)) {
        continue;
      }
      one.revocation()
          .ifPresent(
              revocation ->
                  builder.addCRLEntry(
                      new BigInteger(one.serial(), 16),
                      Date.from(revocation.at()),
                      revocation.reason().number()));
    }
    try {
      builder.addExtension(Extension.cRLNumber, false, new CRLNumber(number));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.getPublicKey()));
      return new JcaX509CRLConverter().getCRL(builder.build(signer(authorityKey)));
    } catch (CertIOException impossible) {
      throw new GeneralSecurityException(impossible);
    }
  }

  /** Whether {@code list} is older than it should be at {@code now}. It is obeyed all the same. */
  static boolean isOld(X509CRL list, Instant now) {
    return list.getThisUpdate().toInstant().plus(LIST_IS_NEW).isBefore(now);
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer,
      BigInteger serial,
      Instant now,
      Instant expiresAt,
      X500Name subject,
      PublicKey key)
      throws CertIOException, GeneralSecurityException {
    return new X509v3CertificateBuilder(
            issuer,
            serial,
            Date.from(now.minus(EARLIER)),
            Date.from(expiresAt),
            subject,
            SubjectPublicKeyInfo.getInstance(key.getEncoded()))
        .addExtension(
            Extension.subjectKeyIdentifier,
            false,
            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
  }

  private static X500Name name(String common, String unit) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, CertificateRole.organisation())
        .addRDN(BCStyle.OU, unit)
        .addRDN(BCStyle.CN, common)
        .build();
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer(key)));
  }

  private static ContentSigner signer(PrivateKey key) throws GeneralSecurityException {
    try {
      return new JcaContentSignerBuilder("SHA256withECDSA").build(key);
    } catch (OperatorCreationException unusable) {
      throw new GeneralSecurityException("the key cannot sign", unusable);
    }
  }
}
