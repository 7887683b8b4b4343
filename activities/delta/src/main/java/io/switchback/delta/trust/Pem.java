package io.switchback.delta.trust;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Blocks of PEM text. What is between them is skipped. */
final class Pem {
  static final String PRIVATE_KEY = "PRIVATE KEY";
  static final String PUBLIC_KEY = "PUBLIC KEY";
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String REVOCATION_LIST = "X509 CRL";

  private Pem() {}

  static String text(String label, byte[] content) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }

  static String text(X509Certificate certificate) throws GeneralSecurityException {
    return text(CERTIFICATE, certificate.getEncoded());
  }

  static String text(X509CRL list) throws CRLException {
    return text(REVOCATION_LIST, list.getEncoded());
  }

  /** The content of every block called {@code label}. */
  static List<byte[]> blocks(String text, String label) throws GeneralSecurityException {
    Matcher block =
        Pattern.compile(
                "-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]*+)-----END " + label + "-----")
            .matcher(text);
    List<byte[]> found = new ArrayList<>();
    while (block.find()) {
      try {
        found.add(Base64.getMimeDecoder().decode(block.group(1)));
      } catch (IllegalArgumentException notBase64) {
        throw new GeneralSecurityException("a block of " + label + " is damaged", notBase64);
      }
    }
    return found;
  }

  /** The content of the one block called {@code label}. */
  static byte[] block(String text, String label) throws GeneralSecurityException {
    List<byte[]> found = blocks(text, label);
    if (found.size() != 1) {
      throw new GeneralSecurityException(
          "it must hold one block of %s, not %d".formatted(label, found.size()));
    }
    return found.getFirst();
  }

  static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (byte[] block : blocks(text, CERTIFICATE)) {
      certificates.add(
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(block)));
    }
    return certificates;
  }

  static List<X509CRL> revocationLists(String text) throws GeneralSecurityException {
    List<X509CRL> lists = new ArrayList<>();
    for (byte[] block : blocks(text, REVOCATION_LIST)) {
      lists.add(
          (X509CRL)
              CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(block)));
    }
    return lists;
  }
}
