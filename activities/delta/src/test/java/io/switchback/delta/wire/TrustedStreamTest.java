package io.switchback.delta.wire;

import static io.switchback.delta.TestBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.Proof;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.file.FileDiskSink;
import io.switchback.delta.file.FileDiskSource;
import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.Grant;
import io.switchback.delta.trust.Grant.Direction;
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
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that berlin serves to potsdam: with TLS, certificates of both and a signed grant. */
class TrustedStreamTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final KeyPair KEYS = GrantKeys.make();
  private static final GrantedDisk DISK = new GrantedDisk("berlin", "db-01", "disk-0", "snap-7");
  private static final int SIZE = 2 * 1024 * 1024 + 512;

  @TempDir static Path certificates;
  @TempDir Path folder;

  private Path production;
  private ServerSocket listening;
  private SourceServer server;

  @BeforeAll
  static void issue() throws IOException {
    CertificateAuthority authority =
        new CertificateAuthority(certificates.resolve("ca"), () -> NOON);
    authority.init("Estate");
    for (String site : List.of("berlin", "potsdam", "bremen")) {
      authority.issue(site, Duration.ofDays(90)).files().write(certificates.resolve(site));
    }
  }

  @BeforeEach
  void serve() throws IOException {
    production = Files.write(folder.resolve("production.img"), random(7, SIZE));
    GrantVerifier verifier =
        new GrantVerifier(List.of(KEYS.getPublic()), SeenFences.inMemory(), () -> NOON);
    listening = tls("berlin").listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server =
        SourceServer.start(
            listening,
            new GrantGate(verifier, SiteTls::siteOf),
            _ -> new FileDiskSource(production),
            WireSettings.standard());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void isCopiedAndProven() throws Exception {
    Path replica = Files.write(folder.resolve("replica.img"), new byte[SIZE]);

    try (RemoteSource source = open("potsdam", signed("potsdam", 1));
        FileDiskSink sink = new FileDiskSink(replica, FenceCheck.UNFENCED)) {
      Proof proof =
          new Transfer(source, sink, new ChangedAreas.Unknown("first copy"), TransferObserver.NONE)
              .run()
              .proof();
      assertThat(proof.kind()).isEqualTo(Proof.Kind.FULL_ROOT);
    }

    assertThat(Files.mismatch(replica, production)).isEqualTo(-1);
  }

  @Test
  void opensToNoCertificateAloneAndToNoGrantAlone() {
    assertThat(refusal("potsdam", new byte[0])).isEqualTo(WireFault.GRANT_REFUSED);
    assertThat(
            refusal(
                "potsdam",
                new GrantSigner(GrantKeys.make().getPrivate()).sign(grant("potsdam", 1))))
        .isEqualTo(WireFault.GRANT_REFUSED);
    assertThatThrownBy(
            () ->
                RemoteSource.open(
                    socket(),
                    DISK,
                    signed("potsdam", 1),
                    SIZE,
                    WireSettings.standard().withPlainOnLoopback()))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(RefusedException.class);
  }

  @Test
  void opensToNoOtherSiteThanTheGrantNames() {
    assertThatThrownBy(() -> open("bremen", signed("potsdam", 1)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(
            "the grant was made for site 'potsdam', and a worker of site 'bremen' presents it");
  }

  @Test
  void endsAStreamWhenANewerGrantHasOpenedTheDisk() throws Exception {
    try (RemoteSource late = open("potsdam", signed("potsdam", 1))) {
      late.read(0, ByteBuffer.allocate(512));
      try (RemoteSource newer = open("potsdam", signed("potsdam", 2))) {
        newer.read(0, ByteBuffer.allocate(512));
      }

      assertThat(
              catchThrowableOfType(
                      RefusedException.class, () -> late.read(4096, ByteBuffer.allocate(512)))
                  .fault())
          .isEqualTo(WireFault.FENCED);
    }
    assertThat(refusal("potsdam", signed("potsdam", 1))).isEqualTo(WireFault.FENCED);
  }

  @Test
  void isDialledAtItsOwnSiteAlone() {
    assertThat(
            catchThrowableOfType(
                    PeerRefusedException.class, () -> tls("potsdam").dial(socket(), "bremen"))
                .reason())
        .isEqualTo(PeerRefusedException.Reason.OTHER_SITE);
  }

  private WireFault refusal(String site, byte[] grant) {
    return catchThrowableOfType(RefusedException.class, () -> open(site, grant)).fault();
  }

  private RemoteSource open(String site, byte[] grant) throws IOException {
    return RemoteSource.open(
        tls(site).dial(socket(), "berlin").socket(), DISK, grant, SIZE, WireSettings.standard());
  }

  private Socket socket() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
  }

  private static SiteTls tls(String site) {
    return SiteTls.of(certificates.resolve(site), () -> NOON);
  }

  private static byte[] signed(String holder, long step) {
    return new GrantSigner(KEYS.getPrivate()).sign(grant(holder, step));
  }

  private static Grant grant(String holder, long step) {
    return new Grant(
        "op-1",
        holder,
        DISK,
        Direction.READ,
        new ByteRange(0, SIZE),
        new TransferFence(1, 1, step, 1),
        NOON,
        NOON.plusSeconds(60));
  }
}
