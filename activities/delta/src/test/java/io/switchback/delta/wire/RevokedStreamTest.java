package io.switchback.delta.wire;

import static io.switchback.delta.TestBytes.assertSameBytes;
import static io.switchback.delta.TestBytes.random;
import static io.switchback.delta.TestBytes.read;
import static io.switchback.delta.TestBytes.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchback.delta.ByteRange;
import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.trust.IssuedCertificate;
import io.switchback.delta.trust.PeerRefusedException;
import io.switchback.delta.trust.SiteTls;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams that are open when their peers' certificates are believed no more: berlin serves. */
@Timeout(20)
class RevokedStreamTest {
  private static final Duration NEVER = Duration.ofDays(1);
  private static final Duration LASTING = Duration.ofDays(9);
  private static final GrantedDisk DISK = new GrantedDisk("berlin", "db-01", "disk-0", "cycle-7");

  @TempDir Path folder;

  private final byte[] content = random(1, 300_000);
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");
  private CertificateAuthority authority;
  private SiteTls berlin;
  private SiteTls potsdam;
  private ServerSocket listening;
  private SourceServer server;

  @BeforeEach
  void start() throws IOException {
    authority = new CertificateAuthority(folder.resolve("ca"), () -> now);
    authority.init("switchback");
    berlin = issue("berlin");
    potsdam = issue("potsdam");
    serve(NEVER);
  }

  private void serve(Duration recheck) throws IOException {
    listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    server =
        SourceServer.start(
            listening,
            Handshake.tls(berlin),
            _ -> () -> {},
            _ -> new ArrayDisk(content),
            WireSettings.standard(),
            recheck);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private SiteTls issue(String site) throws IOException {
    authority.issue(site, LASTING).files().write(folder.resolve(site));
    return SiteTls.of(folder.resolve(site), () -> now);
  }

  private void revoke(String site) throws IOException {
    revoke(site, "berlin");
  }

  /** The list is brought to one worker. */
  private void revoke(String site, String told) throws IOException {
    for (IssuedCertificate one : authority.list()) {
      if (one.name().equals(site)) {
        authority.revoke(one.serial(), IssuedCertificate.Reason.KEY_COMPROMISE);
      }
    }
    Files.writeString(folder.resolve(told + "/crl.pem"), authority.revocationList());
  }

  private RemoteSource open(SiteTls as) throws IOException {
    return RemoteSource.open(dial(as), DISK, new byte[0], content.length, WireSettings.standard());
  }

  private Socket dial(SiteTls as) throws IOException {
    Socket connected = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
    return as.dial(connected, "berlin").socket();
  }

  @Test
  void aRevocationCutsTheStreamsOfThatCertificateAlone() throws Exception {
    try (RemoteSource revoked = open(potsdam);
        RemoteSource other = open(issue("munich"))) {
      read(revoked, 0, 100);
      revoke("potsdam");

      server.recheck();

      assertCut(revoked, PeerRefusedException.Reason.CERTIFICATE_REVOKED);
      assertSameBytes(readAll(other), content);
    }
  }

  @Test
  void aCertificateThatEndsEndsItsStreams() throws Exception {
    try (RemoteSource source = open(potsdam)) {
      now = now.plus(LASTING).plusSeconds(1);

      server.recheck();

      assertCut(source, PeerRefusedException.Reason.CERTIFICATE_EXPIRED);
    }
  }

  private static void assertCut(RemoteSource source, PeerRefusedException.Reason why) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> readForEver(source))
        .withMessageContaining(why.name())
        .satisfies(refused -> assertThat(refused.fault()).isEqualTo(WireFault.PEER_REFUSED));
  }

  private static void readForEver(RemoteSource source) throws IOException {
    while (true) {
      read(source, 0, 100);
    }
  }

  @Test
  void filesThatCannotBeUsedCutNothing() throws Exception {
    try (RemoteSource source = open(potsdam)) {
      Files.writeString(folder.resolve("berlin/crl.pem"), "");
      server.recheck();
      Files.delete(folder.resolve("berlin/crl.pem"));
      server.recheck();

      assertSameBytes(readAll(source), content);
    }
  }

  @Test
  void thePeersAreCheckedAgainAndAgain() throws Exception {
    stop();
    serve(Duration.ofMillis(2));
    try (RemoteSource source = open(potsdam)) {
      read(source, 0, 100);
      revoke("potsdam");

      assertCut(source, PeerRefusedException.Reason.CERTIFICATE_REVOKED);
    }
  }

  @Test
  void whoHasDialledHangsUpOnAPeerThatItBelievesNoMore() throws Exception {
    try (RemoteSource source = openAndCheckAgain(Duration.ofMillis(2))) {
      read(source, 0, 100);
      Files.writeString(folder.resolve("potsdam/crl.pem"), "");
      read(source, 0, 100);
      revoke("berlin", "potsdam");

      assertThatExceptionOfType(PeerRefusedException.class)
          .isThrownBy(() -> readForEver(source))
          .withMessageContaining("berlin")
          .satisfies(
              refused ->
                  assertThat(refused.reason())
                      .isEqualTo(PeerRefusedException.Reason.CERTIFICATE_REVOKED));
      assertThatExceptionOfType(PeerRefusedException.class).isThrownBy(() -> read(source, 0, 100));
    }
  }

  @Test
  void aRevocationCutsNoStreamThatWasDialledToAnother() throws Exception {
    issue("munich");
    try (RemoteSource source = openAndCheckAgain(Duration.ofMillis(2))) {
      revoke("munich", "potsdam");
      for (int i = 0; i < 50; i++) {
        assertSameBytes(readAll(source), content);
      }
    }
  }

  private RemoteSource openAndCheckAgain(Duration recheck) throws IOException {
    Socket connected = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
    return RemoteSource.open(
        Handshake.dial(potsdam, connected, "berlin"),
        DISK,
        new byte[0],
        content.length,
        WireSettings.standard(),
        recheck);
  }

  @Test
  void aPeerThatDoesNotListenGetsNoMoreData() throws Exception {
    WireCounts counts = new WireCounts();
    try (Socket socket = dial(potsdam)) {
      FrameReader reader =
          new FrameReader(new BufferedInputStream(socket.getInputStream()), counts);
      FrameWriter writer = new FrameWriter(socket.getOutputStream(), counts);
      ByteRange all = new ByteRange(0, content.length);
      writer.write(FrameKind.HELLO, 0, new Hello(Hello.VERSION, DISK, new byte[0], all).encode());
      assertThat(next(reader).kind()).isEqualTo(FrameKind.WELCOME);
      revoke("potsdam");
      server.recheck();

      writer.write(FrameKind.READ, 1, Requests.range(new ByteRange(0, 512)));

      assertThat(next(reader).kind()).isEqualTo(FrameKind.REFUSAL);
      assertThat(next(reader).kind()).isEqualTo(FrameKind.REFUSAL);
    }
  }

  private static Frame next(FrameReader reader) throws IOException {
    return reader.next((_, _) -> 1024 * 1024).orElseThrow();
  }
}
