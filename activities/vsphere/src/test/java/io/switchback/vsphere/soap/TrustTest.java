package io.switchback.vsphere.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vmware.vim25.ws.Argument;
import io.switchback.vsphere.soap.SoapServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

  @BeforeEach
  void openServer() throws Exception {
    authority = Identity.authority("CN=authority", now.plus(1, ChronoUnit.DAYS));
    leaf = Identity.localhost(authority, now.plus(1, ChronoUnit.DAYS));
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
    Path other =
        pem("other.pem", Identity.authority("CN=authority", now.plusSeconds(60)).certificate());

    assertRefused(new Trust.Authorities(other), "localhost");
    assertRefused(new Trust.Known(), "localhost");
  }

  @Test
  void believesTheCertificateThatIsPinned() throws Exception {
    assertThat(calls(new Trust.Pin(leaf.pin()), "localhost")).isEqualTo("task-1");
    String withColons =
        leaf.pin().toUpperCase(java.util.Locale.ROOT).replaceAll("(..)(?=.)", "$1:");
    assertThat(calls(new Trust.Pin(withColons), "localhost")).isEqualTo("task-1");
  }

  @Test
  void doesNotBelieveAnotherCertificateThanThePinnedOne() throws Exception {
    String other = Identity.localhost(authority, now.plus(1, ChronoUnit.DAYS)).pin();

    assertRefused(new Trust.Pin(other), "localhost");
    assertRefused(new Trust.Pin(authority.pin()), "localhost");
  }

  @Test
  void doesNotBelieveACertificateOfAnotherHost() throws Exception {
    Path file = pem("ca.pem", authority.certificate());

    assertRefused(new Trust.Authorities(file), "127.0.0.1");
    assertRefused(new Trust.Pin(leaf.pin()), "127.0.0.1");
  }

  @Test
  void doesNotBelieveACertificateThatHasExpired() throws Exception {
    Identity old = Identity.localhost(authority, now.minusSeconds(1));
    server.close();
    server = serve(old);

    assertRefused(new Trust.Pin(old.pin()), "localhost");
    assertRefused(new Trust.Authorities(pem("ca.pem", authority.certificate())), "localhost");
  }

  @Test
  void oneConnectionsTrustIsNotAnothers() throws Exception {
    assertThat(calls(new Trust.Pin(leaf.pin()), "localhost")).isEqualTo("task-1");

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

  private static SoapServer serve(Identity identity) throws IOException {
    return SoapServer.secure(
        identity.tls(), asked -> Answer.of("Whatever", "<returnval>task-1</returnval>"));
  }

  private Path pem(String name, X509Certificate certificate) throws Exception {
    return Files.writeString(folder.resolve(name), Identity.pem(certificate));
  }
}
