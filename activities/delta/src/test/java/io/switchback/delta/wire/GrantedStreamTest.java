package io.switchback.delta.wire;

import static io.switchback.delta.TestBytes.assertSameBytes;
import static io.switchback.delta.TestBytes.random;
import static io.switchback.delta.TestBytes.read;
import static io.switchback.delta.TestBytes.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.switchback.delta.ByteRange;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.Grant;
import io.switchback.delta.trust.GrantKeys;
import io.switchback.delta.trust.GrantSigner;
import io.switchback.delta.trust.GrantVerifier;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.trust.PeerRefusedException;
import io.switchback.delta.trust.SeenFences;
import io.switchback.delta.trust.SiteTls;
import io.switchback.delta.trust.TransferFence;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real TLS over loopback, with grants: berlin serves, potsdam dials. */
class GrantedStreamTest {
  private static final InstantSource NOON =
      InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));
  private static final GrantedDisk DISK = new GrantedDisk("berlin", "db-01", "disk-0", "cycle-7");
  private static final KeyPair CONTROL = GrantKeys.make();

  @TempDir Path folder;

  private final byte[] content = random(1, 300_000);
  private SiteTls potsdam;
  private ServerSocket listening;
  private SourceServer server;

  @BeforeEach
  void start() throws Exception {
    CertificateAuthority authority = new CertificateAuthority(folder.resolve("ca"), NOON);
    authority.init("switchback");
    SiteTls berlin = issue(authority, "berlin");
    potsdam = issue(authority, "potsdam");
    listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    GrantVerifier verifier =
        new GrantVerifier(List.of(CONTROL.getPublic()), SeenFences.inMemory(), NOON);
    server =
        SourceServer.start(
            listening,
            Handshake.tls(berlin),
            new GrantGate("berlin", () -> verifier),
            _ -> new ArrayDisk(content),
            WireSettings.standard());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private SiteTls issue(CertificateAuthority authority, String site) throws IOException {
    authority.issue(site, Duration.ofDays(9)).files().write(folder.resolve(site));
    return SiteTls.of(folder.resolve(site), NOON);
  }

  @Test
  void aGrantOpensTheDiskThatItNames() throws Exception {
    try (RemoteSource source = open(grant("potsdam", DISK, 1))) {
      assertSameBytes(readAll(source), content);
    }
  }

  @Test
  void aCertificateAloneOpensNothing() {
    assertRefused(new byte[0], WireFault.GRANT_REFUSED, "no grant");
  }

  @Test
  void aGrantForAnotherDiskOrAnotherSiteOpensNothing() {
    GrantedDisk other = new GrantedDisk("berlin", "db-02", "disk-0", "cycle-7");
    assertRefused(grant("potsdam", other, 1), WireFault.GRANT_REFUSED, "db-02");
    assertRefused(grant("munich", DISK, 1), WireFault.GRANT_REFUSED, "munich");
  }

  @Test
  void aNewerGrantEndsTheOlderStreamAndRefusesItsNextDial() throws Exception {
    try (RemoteSource older = open(grant("potsdam", DISK, 1))) {
      read(older, 0, 100);
      try (RemoteSource newer = open(grant("potsdam", DISK, 2))) {
        assertThatExceptionOfType(RefusedException.class)
            .isThrownBy(() -> read(older, 0, 100))
            .satisfies(refused -> assertThat(refused.fault()).isEqualTo(WireFault.FENCED));
        assertSameBytes(readAll(newer), content);
      }
    }
    assertRefused(grant("potsdam", DISK, 1), WireFault.FENCED, "newer");
  }

  @Test
  void withoutTlsNothingIsServed() {
    assertThatIOException()
        .isThrownBy(
            () ->
                RemoteSource.open(
                    new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort()),
                    DISK,
                    grant("potsdam", DISK, 1),
                    content.length,
                    WireSettings.standard().withPlainOnLoopback()));
  }

  @Test
  void aCertificateThatTheServerDoesNotBelieveOpensNothing() throws Exception {
    CertificateAuthority authority = new CertificateAuthority(folder.resolve("ca"), NOON);
    InstantSource later = InstantSource.offset(NOON, Duration.ofDays(5));
    authority.issue("munich", Duration.ofDays(1)).files().write(folder.resolve("munich"));
    SiteTls munich = SiteTls.of(folder.resolve("munich"), NOON);
    AtomicBoolean isOpened = new AtomicBoolean();
    ServedDisks disks =
        _ -> {
          isOpened.set(true);
          return new ArrayDisk(content);
        };
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        SourceServer strict =
            SourceServer.start(
                socket,
                Handshake.tls(SiteTls.of(folder.resolve("berlin"), later)),
                _ -> FenceCheck.UNFENCED,
                disks,
                WireSettings.standard())) {
      Socket connected = new Socket(InetAddress.getLoopbackAddress(), socket.getLocalPort());
      assertThatExceptionOfType(PeerRefusedException.class)
          .isThrownBy(
              () ->
                  RemoteSource.open(
                      munich.dial(connected, "berlin").socket(),
                      DISK,
                      grant("munich", DISK, 1),
                      content.length,
                      WireSettings.standard()))
          .withMessageContaining("does not believe this worker's certificate")
          .satisfies(
              refused ->
                  assertThat(refused.reason())
                      .isEqualTo(PeerRefusedException.Reason.REFUSED_THERE));
      assertThat(strict.counts().sentBytes()).isZero();
    }
    assertThat(isOpened).isFalse();
  }

  private void assertRefused(byte[] grant, WireFault fault, String words) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> open(grant))
        .withMessageContaining(words)
        .satisfies(refused -> assertThat(refused.fault()).isEqualTo(fault));
  }

  private RemoteSource open(byte[] grant) throws IOException {
    Socket connected = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
    return RemoteSource.open(
        potsdam.dial(connected, "berlin").socket(),
        DISK,
        grant,
        content.length,
        WireSettings.standard());
  }

  private byte[] grant(String holder, GrantedDisk disk, int attempt) {
    Instant now = NOON.instant();
    return new GrantSigner(CONTROL.getPrivate())
        .sign(
            new Grant(
                "cycle-7",
                holder,
                disk,
                Grant.Direction.READ,
                new ByteRange(0, content.length),
                new TransferFence(1, 17, 4, attempt),
                now,
                now.plus(Duration.ofHours(1))));
  }
}
