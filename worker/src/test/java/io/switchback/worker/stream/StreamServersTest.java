package io.switchback.worker.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.delta.ByteRange;
import io.switchback.delta.file.FileDiskSource;
import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.Grant;
import io.switchback.delta.trust.GrantKeys;
import io.switchback.delta.trust.GrantSigner;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.trust.SiteTls;
import io.switchback.delta.trust.TransferFence;
import io.switchback.delta.wire.RefusedException;
import io.switchback.delta.wire.RemoteSource;
import io.switchback.delta.wire.WireFault;
import io.switchback.delta.wire.WireSettings;
import io.switchback.worker.local.HostPort;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.site.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that serves berlin's disks at its data address, as its settings say. */
class StreamServersTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final KeyPair KEYS = GrantKeys.make();
  private static final int SIZE = 1 << 20;

  @TempDir Path directory;

  private Path image;

  @BeforeEach
  void make() throws IOException {
    byte[] bytes = new byte[SIZE];
    bytes[4096] = 42;
    image = Files.write(directory.resolve("disk.img"), bytes);
    Files.writeString(directory.resolve("grant.pub"), GrantKeys.pem(KEYS.getPublic()));
  }

  private StreamServers startWithTls() throws IOException {
    CertificateAuthority authority = new CertificateAuthority(directory.resolve("ca"), () -> NOON);
    authority.init("Estate");
    for (String site : new String[] {"berlin", "potsdam", "munich"}) {
      authority.issue(site, Duration.ofDays(90)).files().write(directory.resolve(site));
    }
    return start(Map.of("berlin", directory.resolve("berlin")));
  }

  private Socket dial(StreamServers servers, String site) throws IOException {
    return SiteTls.of(directory.resolve(site), () -> NOON)
        .dial(socket(port(servers)), "berlin")
        .socket();
  }

  @Test
  void refusesAnotherSitesGrant() throws IOException {
    try (StreamServers servers = startWithTls()) {
      Socket munich = dial(servers, "munich");

      assertThatThrownBy(() -> byteAt4096(munich, disk("berlin"), WireSettings.standard()))
          .isInstanceOfSatisfying(
              RefusedException.class,
              refused -> assertThat(refused.fault()).isEqualTo(WireFault.GRANT_REFUSED))
          .hasMessageContaining("OTHER_HOLDER");
    }
  }

  @Test
  void cutsAStreamWhenANewerFenceHasOpenedTheDisk() throws IOException {
    try (StreamServers servers = startWithTls();
        RemoteSource older = open(dial(servers, "potsdam"), 1)) {
      older.read(4096, ByteBuffer.allocate(1));
      try (RemoteSource newer = open(dial(servers, "potsdam"), 2)) {
        assertThatThrownBy(() -> older.read(4096, ByteBuffer.allocate(1)))
            .isInstanceOfSatisfying(
                RefusedException.class,
                refused -> assertThat(refused.fault()).isEqualTo(WireFault.FENCED));
        newer.read(4096, ByteBuffer.allocate(1));
      }
    }
  }

  private static RemoteSource open(Socket socket, int attempt) throws IOException {
    return RemoteSource.open(
        socket, disk("berlin"), signed(disk("berlin"), attempt), SIZE, WireSettings.standard());
  }

  @Test
  void servesOverTlsToTheHolderOfAGrant() throws IOException {
    try (StreamServers servers = startWithTls()) {
      Socket tls = dial(servers, "potsdam");
      assertThat(byteAt4096(tls, disk("berlin"), WireSettings.standard())).isEqualTo(42);
      assertThatThrownBy(
              () ->
                  byteAt4096(
                      socket(port(servers)),
                      disk("berlin"),
                      WireSettings.standard().withPlainOnLoopback()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void servesPlainTextToTheHolderOfAGrantWhereThatIsSaid() throws IOException {
    try (StreamServers servers = start(Map.of())) {
      WireSettings plain = WireSettings.standard().withPlainOnLoopback();
      int port = port(servers);

      assertThat(byteAt4096(socket(port), disk("berlin"), plain)).isEqualTo(42);
      assertThatThrownBy(
              () -> RemoteSource.open(socket(port), disk("berlin"), new byte[0], SIZE, plain))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("is no grant");
      assertThatThrownBy(() -> byteAt4096(socket(port), disk("bremen"), plain))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("this is the data address of site 'berlin'");
    }
  }

  @Test
  void refusesAnAddressThatSomebodyElseHas() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start(Map.of(), other.getLocalPort()))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("Could not serve the disks of site 'berlin' at 127.0.0.1:")
          .hasMessageContaining("--data-address");
    }
  }

  private StreamServers start(Map<String, Path> certificates) throws IOException {
    return start(certificates, 0);
  }

  private StreamServers start(Map<String, Path> certificates, int port) {
    StreamSettings settings =
        new StreamSettings(
            Map.of("berlin", new HostPort("127.0.0.1", port)),
            certificates,
            certificates.isEmpty(),
            Optional.of(directory.resolve("grant.pub")),
            Optional.empty(),
            directory.resolve("fences"));
    Credentials none = new Credentials(Map.of(), Duration.ofMillis(700));
    return StreamServers.start(
        settings, new StreamTrust(settings, none, () -> NOON), disk -> new FileDiskSource(image));
  }

  private static int port(StreamServers servers) {
    return servers.address("berlin").orElseThrow().port();
  }

  private static int byteAt4096(Socket socket, GrantedDisk disk, WireSettings settings)
      throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    try (RemoteSource source = RemoteSource.open(socket, disk, signed(disk), SIZE, settings)) {
      source.read(4096, one);
    }
    return one.get(0);
  }

  private static Socket socket(int port) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  private static GrantedDisk disk(String site) {
    return new GrantedDisk(site, "db-01", "disk-0", "snap-7");
  }

  private static byte[] signed(GrantedDisk disk) {
    return signed(disk, 1);
  }

  private static byte[] signed(GrantedDisk disk, int attempt) {
    return new GrantSigner(KEYS.getPrivate())
        .sign(
            new Grant(
                "op-1",
                "potsdam",
                disk,
                Grant.Direction.READ,
                new ByteRange(0, SIZE),
                new TransferFence(1, 1, 1, attempt),
                NOON,
                NOON.plusSeconds(60)));
  }
}
