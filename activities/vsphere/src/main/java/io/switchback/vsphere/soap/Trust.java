package io.switchback.vsphere.soap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Whose certificate one connection believes. The host name is checked in every case. It is of one
 * connection: nothing of the JVM is changed.
 */
public sealed interface Trust {
  /** Certificates that the authorities sign which Java knows. */
  record Known() implements Trust {}

  /** Certificates that one of the authorities in a PEM file signs. */
  record Authorities(Path file) implements Trust {}

  /**
   * The one certificate whose SHA-256 it is, also when nobody signs for it.
   *
   * @param sha256 of the certificate's DER form, 64 hex digits, with or without colons
   */
  record Pin(String sha256) implements Trust {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    public Pin {
      sha256 = sha256.replace(":", "").strip().toLowerCase(Locale.ROOT);
      if (!DIGEST.matcher(sha256).matches()) {
        throw new IllegalArgumentException(
            "certificate pin: it must be the certificate's SHA-256, 64 hex digits");
      }
    }
  }

  /**
   * A context that believes these and nobody else.
   *
   * @throws IOException when the file of authorities cannot be read
   */
  default SSLContext context() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(this), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificates cannot be used: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] managers(Trust trust) throws GeneralSecurityException, IOException {
    return switch (trust) {
      case Known() -> of(null);
      case Authorities(Path file) -> of(authorities(file));
      case Pin(String sha256) -> new TrustManager[] {new Pinned(sha256)};
    };
  }

  @SuppressWarnings("NullAway") // Java's own authorities are asked for by null
  private static TrustManager[] of(@org.jspecify.annotations.Nullable KeyStore authorities)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authorities);
    return factory.getTrustManagers();
  }

  @SuppressWarnings("NullAway") // an empty store is loaded from null
  private static KeyStore authorities(Path file) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    Collection<? extends Certificate> certificates;
    try (InputStream in = Files.newInputStream(file)) {
      certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("there is no certificate in " + file);
    }
    for (Certificate certificate : certificates) {
      store.setCertificateEntry("authority-" + store.size(), certificate);
    }
    return store;
  }

  // No extended trust manager, on purpose: around a plain one Java itself checks the host name.
  /** Believes one certificate. */
  final class Pinned implements X509TrustManager {
    private final String sha256;

    private Pinned(String sha256) {
      this.sha256 = sha256;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      String shown = sha256(chain[0]);
      if (!shown.equals(sha256)) {
        throw new CertificateException(
            "the server shows the certificate %s, and %s is pinned".formatted(shown, sha256));
      }
      chain[0].checkValidity();
    }

    private static String sha256(X509Certificate certificate) throws CertificateException {
      try {
        return HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
      } catch (GeneralSecurityException e) {
        throw new CertificateException(e);
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("this side only calls");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
