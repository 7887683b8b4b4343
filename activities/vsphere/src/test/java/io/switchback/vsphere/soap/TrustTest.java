package io.switchback.vsphere.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vmware.vim25.ws.Argument;
import io.switchback.vsphere.soap.SoapServer.Answer;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whom a connection believes, held against a TLS server whose certificate names localhost alone.
 */
class TrustTest {
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  @TempDir private Path folder;
  private Identity authority;
  private Identity leaf;
  private SoapServer server;

  private record Identity(KeyPair keys, X509Certificate certificate) {}

  @BeforeEach
  void openServer() throws Exception {
    authority = issue("CN=authority", null, now.plus(1, ChronoUnit.DAYS));
    leaf = issue("CN=localhost", authority, now.plus(1, ChronoUnit.DAYS));
    server = serve(leaf);
  }

  @AfterEach
  void closeServer() {
    server.close();
  }

  @Test
  void believesWhomAnAuthorityOfTheFileHasSigned() throws Exception {
    Path file = pem("ca.pem", authority.certificate());

    assertThat(calls(new Trust.Authorities(file), "localhost")).isEqualTo("task-1");
  }

  @Test
  void doesNotBelieveWhomAnotherAuthorityHasSigned() throws Exception {
    Path other = pem("other.pem", issue("CN=authority", null, now.plusSeconds(60)).certificate());

    assertRefused(new Trust.Authorities(other), "localhost");
    assertRefused(new Trust.Known(), "localhost");
  }

  @Test
  void believesTheCertificateThatIsPinned() throws Exception {
    assertThat(calls(new Trust.Pin(pin(leaf)), "localhost")).isEqualTo("task-1");
    String withColons = pin(leaf).toUpperCase(java.util.Locale.ROOT).replaceAll("(..)(?=.)", "$1:");
    assertThat(calls(new Trust.Pin(withColons), "localhost")).isEqualTo("task-1");
  }

  @Test
  void doesNotBelieveAnotherCertificateThanThePinnedOne() throws Exception {
    String other = pin(issue("CN=localhost", authority, now.plus(1, ChronoUnit.DAYS)));

    assertRefused(new Trust.Pin(other), "localhost");
    assertRefused(new Trust.Pin(pin(authority)), "localhost");
  }

  @Test
  void doesNotBelieveACertificateOfAnotherHost() throws Exception {
    Path file = pem("ca.pem", authority.certificate());

    assertRefused(new Trust.Authorities(file), "127.0.0.1");
    assertRefused(new Trust.Pin(pin(leaf)), "127.0.0.1");
  }

  @Test
  void doesNotBelieveACertificateThatHasExpired() throws Exception {
    Identity old = issue("CN=localhost", authority, now.minusSeconds(1));
    server.close();
    server = serve(old);

    assertRefused(new Trust.Pin(pin(old)), "localhost");
    assertRefused(new Trust.Authorities(pem("ca.pem", authority.certificate())), "localhost");
  }

  @Test
  void oneConnectionsTrustIsNotAnothers() throws Exception {
    assertThat(calls(new Trust.Pin(pin(leaf)), "localhost")).isEqualTo("task-1");

    assertRefused(new Trust.Known(), "localhost");
  }

  @Test
  void saysThatThereIsNoCertificateInTheFile() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");

    assertThatThrownBy(() -> calls(new Trust.Authorities(empty), "localhost"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("empty.pem");
    assertThatThrownBy(() -> new Trust.Pin("abc")).isInstanceOf(IllegalArgumentException.class);
  }

  private void assertRefused(Trust trust, String host) {
    assertThatThrownBy(() -> calls(trust, host)).isInstanceOf(UntrustedException.class);
    assertThat(server.requests()).as("what an impostor got to see").hasSizeLessThanOrEqualTo(1);
  }

  private String calls(Trust trust, String host) throws IOException {
    try (SoapClient client = new SoapClient(Endpoint.of(server.address(host), trust), "6.0")) {
      return (String) client.invoke("Whatever", new Argument[0], "String");
    }
  }

  private static SoapServer serve(Identity identity) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "leaf",
        identity.keys().getPrivate(),
        new char[0],
        new Certificate[] {identity.certificate()});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return SoapServer.secure(
        context, asked -> Answer.of("Whatever", "<returnval>task-1</returnval>"));
  }

  private Identity issue(String name, Identity issuer, Instant until) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair keys = generator.generateKeyPair();
    X500Principal subject = new X500Principal(name);
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer == null ? subject : issuer.certificate().getSubjectX500Principal(),
            BigInteger.valueOf(System.nanoTime()),
            Date.from(now.minus(1, ChronoUnit.DAYS)),
            Date.from(until),
            subject,
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(issuer == null));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")));
    return new Identity(
        keys,
        new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(issuer == null ? keys.getPrivate() : issuer.keys().getPrivate()))));
  }

  private static String pin(Identity identity) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(identity.certificate().getEncoded()));
  }

  private Path pem(String name, X509Certificate certificate) throws Exception {
    String text = Base64.getMimeEncoder().encodeToString(certificate.getEncoded());
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n".formatted(text));
  }
}
