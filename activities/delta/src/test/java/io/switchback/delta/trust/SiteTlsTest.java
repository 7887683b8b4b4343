package io.switchback.delta.trust;

import static io.switchback.delta.trust.PeerRefusedException.Reason.OTHER_PURPOSE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.delta.trust.IssuedCertificate.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real handshakes over loopback: berlin serves, potsdam dials. */
class SiteTlsTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration LASTING = Duration.ofDays(90);

  @TempDir Path directory;

  private CertificateAuthority authority;
  private SiteTls berlin;
  private SiteTls potsdam;

  /** What happened at each end: the site that it believes it talks to, or why there is none. */
  private record Handshake(Object server, Object client) {}

  @BeforeEach
  void issueForBothSites() throws IOException {
    authority = authority("ca");
    berlin = issue("ca", "berlin");
    potsdam = issue("ca", "potsdam");
  }

  @Test
  void bothEndsKnowWhoTheOtherIs() throws Exception {
    assertThat(shakeHands(berlin, potsdam, "berlin")).isEqualTo(new Handshake("potsdam", "berlin"));
    assertThat(berlin.site()).isEqualTo("berlin");
  }

  @Test
  void speaksOnlyTheNewestProtocol() throws Exception {
    try (Connection connection = new Connection()) {
      FutureTask<SiteTls.Peer> served = connection.atServer(berlin::accept);
      SSLSocket socket = potsdam.dial(connection.client, "berlin").socket();
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
      assertThat(socket.getSession().getCipherSuite()).isEqualTo("TLS_AES_256_GCM_SHA384");
      served.get(5, TimeUnit.SECONDS);
    }

    Handshake old = shakeHands(berlin, client -> withoutCertificate(client, "TLSv1.2"));
    assertThat(old.server()).isEqualTo(PeerRefusedException.Reason.OTHER_PROTOCOL);
    assertThat(old.client()).isEqualTo(PeerRefusedException.Reason.OTHER_PROTOCOL);
  }

  @Test
  void refusesPlainText() throws Exception {
    Handshake plain =
        shakeHands(
            berlin,
            client -> {
              client.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
              return "asked";
            });

    assertThat(plain.server()).isEqualTo(PeerRefusedException.Reason.OTHER_PROTOCOL);
  }

  @Test
  void refusesAWorkerWithoutACertificate() throws Exception {
    Handshake refused = shakeHands(berlin, client -> withoutCertificate(client, "TLSv1.3"));

    assertThat(refused.server()).isEqualTo(PeerRefusedException.Reason.NO_CERTIFICATE);
    assertThat(refused.client()).isNotEqualTo("opened");
  }

  @Test
  void refusesTheCertificateOfAnotherAuthorityAtEitherEnd() throws Exception {
    authority("other");
    SiteTls foreignServer = issue("other", "berlin");
    SiteTls foreignClient = issue("other", "potsdam");

    assertThat(shakeHands(berlin, foreignClient, "berlin").client())
        .as("sees a foreign server first")
        .isEqualTo(PeerRefusedException.Reason.OTHER_AUTHORITY);
    assertThat(shakeHands(foreignServer, potsdam, "berlin").client())
        .isEqualTo(PeerRefusedException.Reason.OTHER_AUTHORITY);

    Files.copy(file("ca-potsdam", "ca.pem"), file("other-potsdam", "ca.pem"), REPLACE_EXISTING);
    Files.copy(file("ca-potsdam", "crl.pem"), file("other-potsdam", "crl.pem"), REPLACE_EXISTING);
    assertThat(shakeHands(berlin, foreignClient, "berlin").server())
        .isEqualTo(PeerRefusedException.Reason.OTHER_AUTHORITY);
  }

  @Test
  void refusesAnExpiredCertificate() throws Exception {
    SiteTls later = tls("ca-berlin-long", NOON.plus(LASTING).plusSeconds(1));
    authority
        .issue("berlin", LASTING.multipliedBy(2))
        .files()
        .write(directory.resolve("ca-berlin-long"));

    Handshake refused = shakeHands(later, potsdam, "berlin");
    assertThat(refused.server()).isEqualTo(PeerRefusedException.Reason.CERTIFICATE_EXPIRED);
    assertThat(refused.client()).isNotEqualTo("berlin");
  }

  @Test
  void refusesACertificateOfTheFuture() throws Exception {
    SiteTls earlier = tls("ca-berlin", NOON.minusSeconds(301));

    assertThat(shakeHands(earlier, potsdam, "berlin").server())
        .isEqualTo(PeerRefusedException.Reason.CERTIFICATE_NOT_YET_VALID);
  }

  @Test
  void refusesARevokedCertificateFromTheNextHandshakeOn() throws Exception {
    assertThat(shakeHands(berlin, potsdam, "berlin").server()).isEqualTo("potsdam");

    IssuedCertificate stolen = authority.list().getLast();
    authority.revoke(stolen.serial(), Reason.KEY_COMPROMISE);
    Files.writeString(file("ca-berlin", "crl.pem"), authority.revocationList());

    Handshake refused = shakeHands(berlin, potsdam, "berlin");
    assertThat(refused.server()).isEqualTo(PeerRefusedException.Reason.CERTIFICATE_REVOKED);
    assertThat(refused.client()).isNotEqualTo("berlin");
  }

  @Test
  void refusesEverybodyWhileItCannotTellWhoIsRevoked() throws Exception {
    Files.writeString(file("ca-berlin", "crl.pem"), "");
    assertThat(shakeHands(berlin, potsdam, "berlin").server())
        .isEqualTo(PeerRefusedException.Reason.REVOCATION_UNKNOWN);

    // A list that another authority has signed says nothing.
    Files.writeString(file("ca-berlin", "crl.pem"), authority("other").revocationList());
    assertThat(shakeHands(berlin, potsdam, "berlin").server())
        .isEqualTo(PeerRefusedException.Reason.REVOCATION_UNKNOWN);

    String whole = authority.revocationList();
    Files.writeString(file("ca-berlin", "crl.pem"), whole.substring(0, whole.length() / 2));
    assertThat(shakeHands(berlin, potsdam, "berlin").server())
        .isEqualTo(PeerRefusedException.Reason.REVOCATION_UNKNOWN);
  }

  @Test
  void obeysAnOldRevocationList() throws Exception {
    SiteTls later = tls("ca-berlin", NOON.plus(Duration.ofDays(60)));
    SiteTls laterToo = tls("ca-potsdam", NOON.plus(Duration.ofDays(60)));

    assertThat(shakeHands(later, laterToo, "berlin")).isEqualTo(new Handshake("potsdam", "berlin"));
  }

  @Test
  void refusesTheCertificateOfAnotherSiteThanItDialled() throws Exception {
    SiteTls bremen = issue("ca", "bremen");

    assertThat(shakeHands(bremen, potsdam, "berlin").client())
        .isEqualTo(PeerRefusedException.Reason.OTHER_SITE);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SITE_WORKER")
  void takesNobodyElsesCertificateForASiteWorkers(CertificateRole role) throws Exception {
    CertificateFiles files = authority.issue(role, "berlin", LASTING).files();
    new CertificateFiles(
            CertificateRole.SITE_WORKER,
            files.identity(),
            files.authorities(),
            files.revocationLists())
        .write(directory.resolve("ca-posing"));
    SiteTls posing = tls("ca-posing", NOON);

    assertThat(shakeHands(berlin, posing, "berlin").server()).as("dials").isEqualTo(OTHER_PURPOSE);
    assertThat(shakeHands(posing, potsdam, "berlin").client())
        .as("serves")
        .isEqualTo(OTHER_PURPOSE);
  }

  @Test
  void showsARenewedCertificateFromTheNextHandshakeOn() throws Exception {
    String before = potsdam.certificate().getSerialNumber().toString(16);
    IssuedCertificate renewed = renewPotsdam(before);

    assertThat(potsdam.certificate().getSerialNumber().toString(16)).isEqualTo(renewed.serial());
    assertThat(shakeHands(berlin, potsdam, "berlin").server()).isEqualTo("potsdam");
  }

  @Test
  void believesTwoAuthoritiesWhileOneFollowsTheOther() throws Exception {
    CertificateAuthority next = authority("next");
    SiteTls young = issue("next", "potsdam");
    for (String folder : new String[] {"ca-berlin", "next-potsdam"}) {
      Files.writeString(file(folder, "ca.pem"), authority.certificate() + next.certificate());
      Files.writeString(
          file(folder, "crl.pem"), authority.revocationList() + next.revocationList());
    }

    assertThat(shakeHands(berlin, young, "berlin")).isEqualTo(new Handshake("potsdam", "berlin"));
    assertThat(shakeHands(berlin, potsdam, "berlin")).isEqualTo(new Handshake("potsdam", "berlin"));
  }

  @Test
  void refusesItsOwnUnusableFilesInASentence() throws Exception {
    assertThatThrownBy(() -> tls("nowhere", NOON).site())
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("there is no such file")
        .hasMessageContaining("switchback ca issue");
    assertThatThrownBy(() -> tls("ca-berlin", NOON.plus(LASTING).plusSeconds(1)).site())
        .hasMessageContaining("its certificate was good until 2027-02-19T12:00:00Z");

    String other = Files.readString(file("ca-potsdam", "worker.pem"));
    String own = Files.readString(file("ca-berlin", "worker.pem"));
    Files.writeString(
        file("ca-berlin", "worker.pem"),
        other.substring(0, other.indexOf("-----BEGIN CERTIFICATE"))
            + own.substring(own.indexOf("-----BEGIN CERTIFICATE")));
    assertThatThrownBy(berlin::site)
        .hasMessageContaining("its key is not the one of its certificate");
  }

  @Test
  void tellsTheRefusedEndAsMuchAsTlsDoes() {
    for (String alert : new String[] {"certificate_unknown", "bad_certificate", "unknown_ca"}) {
      SSLException told = new SSLException("(%s) Received fatal alert: %s".formatted(alert, alert));

      assertThat(PeerRefusedException.explain(told, "site 'berlin'"))
          .isInstanceOf(PeerRefusedException.class)
          .hasMessageContaining("REFUSED_THERE: Could not talk to site 'berlin'")
          .hasMessageContaining("its log says why");
    }
    SSLException other = new SSLException("(internal_error) something else");
    assertThat(PeerRefusedException.explain(other, "site 'berlin'")).isSameAs(other);
  }

  @Test
  void saysWhatWhomWhyAndWhatToDo() throws Exception {
    SiteTls bremen = issue("ca", "bremen");
    try (Connection connection = new Connection()) {
      FutureTask<SiteTls.Peer> served = connection.atServer(bremen::accept);
      assertThatThrownBy(() -> potsdam.dial(connection.client, "berlin"))
          .isInstanceOf(PeerRefusedException.class)
          .hasMessageMatching(
              "OTHER_SITE: Could not talk to site 'berlin' at localhost/127.0.0.1:\\d+: its certificate is of site 'bremen', and"
                  + " site 'berlin' was dialled. Correct the data address, or give that worker the certificate of its"
                  + " own site, then retry.");
      assertThat(connection.client.isClosed()).isTrue();
      assertThat(served).isNotNull();
    }
  }

  private IssuedCertificate renewPotsdam(String serial) throws IOException {
    CertificateAuthority.Issued renewed = authority.renew(serial, LASTING);
    renewed.files().write(directory.resolve("ca-potsdam"));
    return renewed.certificate();
  }

  private CertificateAuthority authority(String name) {
    CertificateAuthority made = new CertificateAuthority(directory.resolve(name), () -> NOON);
    made.init(name);
    return made;
  }

  private SiteTls issue(String by, String site) throws IOException {
    CertificateAuthority issuer = new CertificateAuthority(directory.resolve(by), () -> NOON);
    issuer.issue(site, LASTING).files().write(directory.resolve(by + "-" + site));
    return tls(by + "-" + site, NOON);
  }

  private SiteTls tls(String folder, Instant now) {
    return SiteTls.of(directory.resolve(folder), () -> now);
  }

  private Path file(String folder, String name) {
    return directory.resolve(folder).resolve(name);
  }

  private static Handshake shakeHands(SiteTls server, SiteTls client, String site)
      throws Exception {
    return shakeHands(
        server,
        socket -> {
          SiteTls.Peer peer = client.dial(socket, site);
          expectAByte(peer.socket());
          return peer.site();
        });
  }

  private static Handshake shakeHands(SiteTls server, Dialling client) throws Exception {
    try (Connection connection = new Connection()) {
      FutureTask<Object> served =
          connection.atServer(
              socket ->
                  told(
                      "the test",
                      () -> {
                        SiteTls.Peer peer = server.accept(socket);
                        peer.socket().getOutputStream().write(7);
                        return peer.site();
                      }));
      Object dialled = told("the test", () -> client.dial(connection.client));
      return new Handshake(served.get(5, TimeUnit.SECONDS), dialled);
    }
  }

  /** What came of it; a refusal is told by its reason. */
  private static Object told(String peer, Callable<Object> attempt) throws Exception {
    try {
      return attempt.call();
    } catch (IOException failure) {
      return PeerRefusedException.explain(failure, peer) instanceof PeerRefusedException refused
          ? refused.reason()
          : failure;
    }
  }

  private static void expectAByte(Socket socket) throws IOException {
    if (socket.getInputStream().read() != 7) {
      throw new IOException("the server said nothing");
    }
  }

  /** A client that believes everybody and shows nothing. */
  private static Object withoutCertificate(Socket connected, String protocol) throws Exception {
    SSLContext context = SSLContext.getInstance(protocol);
    context.init(null, new TrustManager[] {new Gullible()}, null);
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(connected, "127.0.0.1", connected.getPort(), true);
    socket.setEnabledProtocols(new String[] {protocol});
    socket.startHandshake();
    expectAByte(socket);
    return "opened";
  }

  private interface Dialling {
    Object dial(Socket connected) throws Exception;
  }

  /** Both ends of one connection over loopback. */
  private static final class Connection implements AutoCloseable {
    private final Socket client;
    private final Socket server;

    Connection() throws IOException {
      try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        client = new Socket(listening.getInetAddress(), listening.getLocalPort());
        server = listening.accept();
      }
      client.setSoTimeout(5_000);
      server.setSoTimeout(5_000);
    }

    <T> FutureTask<T> atServer(Serving<T> serving) {
      FutureTask<T> task = new FutureTask<>(() -> serving.serve(server));
      Thread.ofVirtual().start(task);
      return task;
    }

    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }

  private interface Serving<T> {
    T serve(Socket connected) throws Exception;
  }

  private static final class Gullible extends X509ExtendedTrustManager {
    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}
  }
}
