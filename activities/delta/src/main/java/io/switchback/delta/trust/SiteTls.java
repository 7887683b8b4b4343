package io.switchback.delta.trust;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * TLS between two site workers: version 1.3, both show a certificate. Safe for use by several
 * threads.
 *
 * <p>The files are read at every handshake, so that a renewed certificate and a revocation hold
 * from the next one on. No session outlives its connection: taking one up again would ask for no
 * certificate. Whoever keeps a connection open asks {@link #requireStillBelieved} now and then.
 */
public final class SiteTls {
  private static final String[] PROTOCOLS = {"TLSv1.3"};
  private static final String[] CIPHERS = {
    "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"
  };
  private static final int LARGEST_FILE = 16 << 20;

  private final Path identity;
  private final Path authorities;
  private final Path revocationLists;
  private final InstantSource clock;

  /** A connection whose other end has shown {@code certificate}, which is of {@code site}. */
  public record Peer(SSLSocket socket, String site, X509Certificate certificate) {}

  private record Own(PrivateKey key, List<X509Certificate> chain) {}

  /**
   * @param identity private key and certificate of this worker, PEM
   * @param authorities certificates of the authorities that are believed, PEM
   * @param revocationLists one of each authority, PEM
   */
  public SiteTls(Path identity, Path authorities, Path revocationLists, InstantSource clock) {
    this.identity = identity;
    this.authorities = authorities;
    this.revocationLists = revocationLists;
    this.clock = clock;
  }

  /** With the files that {@link CertificateFiles#write} wrote into {@code folder}. */
  public static SiteTls of(Path folder, InstantSource clock) {
    return new SiteTls(
        folder.resolve("worker.pem"), folder.resolve("ca.pem"), folder.resolve("crl.pem"), clock);
  }

  /**
   * The certificate that this worker shows.
   *
   * @throws TrustException if the files cannot be used
   */
  public X509Certificate certificate() {
    return own().chain().getFirst();
  }

  /**
   * The site that this worker's certificate names.
   *
   * @throws TrustException if the files cannot be used
   */
  public String site() {
    return CertificateRole.SITE_WORKER
        .nameIn(certificate())
        .orElseThrow(() -> unusable(identity, "its certificate names no site", null));
  }

  /**
   * Reads all that a handshake reads.
   *
   * @throws TrustException if something cannot be used, or other workers would not believe this one
   */
  public void check() {
    X509Certificate own = certificate();
    try {
      trust(Optional.empty()).check(new X509Certificate[] {own});
    } catch (CertificateException refused) {
      throw new TrustException(
          "No other worker will believe the one of '%s': %s"
              .formatted(identity, refused.getMessage()),
          refused);
    }
  }

  /**
   * Shakes hands over {@code connected} at the end that was dialled. The socket is closed when that
   * fails. Whoever calls has set how long a read may take.
   *
   * @throws PeerRefusedException if the dialling worker is not believed
   * @throws TrustException if this worker's files cannot be used
   */
  public Peer accept(Socket connected) throws IOException {
    return shakeHands(connected, Optional.empty(), false);
  }

  /**
   * Shakes hands over {@code connected} at the end that dials {@code site}. The socket is closed
   * when that fails. That the other end refuses this worker shows at the first read: see {@link
   * PeerRefusedException#explain}.
   *
   * @throws PeerRefusedException if the worker that was dialled is not believed
   * @throws TrustException if this worker's files cannot be used
   */
  public Peer dial(Socket connected, String site) throws IOException {
    return shakeHands(connected, Optional.of(site), true);
  }

  /**
   * Checks the certificate that {@code peer} has shown once more, with the authorities, revocation
   * lists and time of now. Nothing is said to the peer.
   *
   * @throws PeerRefusedException if a handshake would fail now
   * @throws TrustException if this worker's files cannot be used or lack a revocation list, which
   *     says nothing of the peer
   */
  public void requireStillBelieved(Peer peer) throws PeerRefusedException {
    try {
      trust(Optional.of(peer.site())).check(new X509Certificate[] {peer.certificate()});
    } catch (CertificateException refused) {
      if (refused instanceof UntrustedException untrusted
          && untrusted.reason() == PeerRefusedException.Reason.REVOCATION_UNKNOWN) {
        throw new TrustException(
            "Could not tell whether %s of site '%s' was revoked: %s"
                .formatted(
                    peer.socket().getRemoteSocketAddress(), peer.site(), refused.getMessage()),
            refused);
      }
      throw PeerRefusedException.of(
          refused,
          "the worker of site '%s' at %s"
              .formatted(peer.site(), peer.socket().getRemoteSocketAddress()));
    }
  }

  private Peer shakeHands(Socket connected, Optional<String> wanted, boolean dials)
      throws IOException {
    try {
      SSLSocket socket = layered(connected, wanted, dials);
      socket.startHandshake();
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return new Peer(socket, CertificateRole.SITE_WORKER.nameIn(shown).orElseThrow(), shown);
    } catch (IOException | RuntimeException failure) {
      connected.close();
      if (failure instanceof IOException tls) {
        throw PeerRefusedException.explain(
            tls,
            wanted.map(site -> "site '" + site + "' at ").orElse("the worker that dials from ")
                + connected.getRemoteSocketAddress());
      }
      throw failure;
    }
  }

  private SSLSocket layered(Socket connected, Optional<String> wanted, boolean dials)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context(wanted)
                .getSocketFactory()
                .createSocket(
                    connected,
                    connected.getInetAddress().getHostAddress(),
                    connected.getPort(),
                    true);
    socket.setUseClientMode(dials);
    socket.setSSLParameters(parameters());
    return socket;
  }

  /** What both ends insist on. */
  private static SSLParameters parameters() {
    SSLParameters parameters = new SSLParameters(CIPHERS.clone(), PROTOCOLS.clone());
    parameters.setNeedClientAuth(true);
    return parameters;
  }

  /** A new one for each handshake, so that no session is taken up again. */
  private SSLContext context(Optional<String> wanted) {
    Own own = own();
    try {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry("worker", own.key(), new char[0], own.chain().toArray(Certificate[]::new));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(keys, new char[0]);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(factory.getKeyManagers(), new TrustManager[] {trust(wanted)}, null);
      return context;
    } catch (GeneralSecurityException | IOException impossible) {
      throw new TrustException(
          "Could not begin TLS with '%s': %s.".formatted(identity, impossible), impossible);
    }
  }

  private SiteTrustManager trust(Optional<String> wanted) {
    List<X509Certificate> believed;
    try {
      believed = Pem.certificates(read(authorities));
    } catch (GeneralSecurityException damaged) {
      throw unusable(authorities, String.valueOf(damaged.getMessage()), damaged);
    }
    if (believed.isEmpty()) {
      throw unusable(authorities, "it holds no certificate", null);
    }
    try {
      List<X509CRL> lists = Pem.revocationLists(read(revocationLists));
      return new SiteTrustManager(believed, lists, wanted, clock.instant());
    } catch (GeneralSecurityException damaged) {
      throw unusable(revocationLists, String.valueOf(damaged.getMessage()), damaged);
    }
  }

  private Own own() {
    String text = read(identity);
    try {
      PrivateKey key =
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(Pem.block(text, Pem.PRIVATE_KEY)));
      List<X509Certificate> chain = Pem.certificates(text);
      if (chain.isEmpty()) {
        throw unusable(identity, "it holds no certificate", null);
      }
      if (!belongTogether(key, chain.getFirst())) {
        throw unusable(identity, "its key is not the one of its certificate", null);
      }
      Instant end = chain.getFirst().getNotAfter().toInstant();
      if (end.isBefore(clock.instant())) {
        throw unusable(identity, "its certificate was good until " + end, null);
      }
      return new Own(key, chain);
    } catch (GeneralSecurityException damaged) {
      throw unusable(identity, String.valueOf(damaged.getMessage()), damaged);
    }
  }

  private static boolean belongTogether(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    byte[] anything = {1};
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key);
    signature.update(anything);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(anything);
    return signature.verify(signed);
  }

  private static String read(Path file) {
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw unusable(file, "it is larger than any certificate", null);
      }
      return Files.readString(file);
    } catch (NoSuchFileException none) {
      throw unusable(file, "there is no such file", none);
    } catch (IOException unreadable) {
      throw unusable(file, unreadable.toString(), unreadable);
    }
  }

  private static TrustException unusable(
      Path file, String why, @org.jspecify.annotations.Nullable Exception cause) {
    String sentence =
        "Could not use '%s' for TLS between sites: %s. Put there what `switchback ca issue` or `renew` wrote."
            .formatted(file, why);
    return cause == null ? new TrustException(sentence) : new TrustException(sentence, cause);
  }
}
