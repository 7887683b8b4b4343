package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.appliance.PathMeasured.Reached;
import io.switchback.appliance.gateway.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is found of a tunnel's way before it is needed, and that what is found helps. */
@Tag("network")
class TunnelPreflightIT {
  private static final int NARROW = 1300;
  private static final int MEBIBYTE = 1 << 20;

  @RegisterExtension static final SharedLab LAB = new SharedLab();
  @TempDir static Path folder;

  private static NetworkLab lab;
  private static LabTunnel tunnel;
  private static TunnelPreflight preflight;
  private static Endpoint door;

  @BeforeAll
  static void prepare() {
    lab = LAB.lab();
    tunnel = new LabTunnel(lab, new Tunnel("measured", 11));
    preflight = new TunnelPreflight(tunnel.ssh(), InstantSource.system());
    door = lab.gateway().door();
    lab.power("off", "vm2");
    lab.power("on", "replica");
  }

  @AfterAll
  static void leave() {
    if (tunnel != null) {
      tunnel.tearDown();
      lab.power("off", "replica");
      lab.power("on", "vm2");
    }
  }

  @Test
  void measuresTheWayAndReachesTheOtherEnd() {
    tunnel.open(tunnel.replica());

    PathMeasured whole = measure();
    assertThat(whole.findings()).isEmpty();
    assertThat(whole.mtuBytes()).hasValue(1500);
    assertThat(whole.reached()).isEqualTo(Reached.OTHER_END);

    narrow();
    try {
      PathMeasured narrow = measure();
      assertThat(narrow.mtuBytes()).hasValue(NARROW);
      assertThat(narrow.findings()).first().asString().contains("1300 bytes");
      // The gateway's certificates are swallowed as well.
      assertThat(narrow.reached()).isEqualTo(Reached.DOOR);
    } finally {
      widen();
    }
  }

  @Test
  void saysHowFarItGotWhereNoTunnelStands() {
    tunnel.open(tunnel.replica());
    lab.in("provider", "pkill -9 -x openvpn");

    PathMeasured found = measure();

    // The gateway takes the connection, finds nobody, and closes it.
    assertThat(found.reached()).isEqualTo(Reached.DOOR);
    assertThat(found.findings())
        .singleElement()
        .asString()
        .contains("'tenant'", "it closes the connection", door.toString());

    TunnelEnd.Production end = tunnel.productionEnd(List.of());
    TunnelEnd.Production closed =
        new TunnelEnd.Production(
            end.tunnel(),
            end.card(),
            end.identity(),
            List.of(),
            end.network(),
            end.gateway(),
            end.remoteHost(),
            9);
    PathMeasured nobody = preflight.measure(tunnel.tenant(), closed, Optional.of(door));
    assertThat(nobody.reached()).isEqualTo(Reached.NOBODY);
    assertThat(nobody.findings()).singleElement().asString().contains("127.0.0.1:9", "firewalls");
  }

  /** A router that drops what is too large, and says nothing of it, stops what is not clamped. */
  @Test
  void segmentsThatFitGetThroughWhereLargerOnesAreSwallowed() {
    narrow();
    try {
      TunnelPath path = new TunnelPath(door, NARROW);
      tunnel.tearDown();
      tunnel.setPath(path);
      tunnel.open(tunnel.replica());
      tunnel.awaitUp();

      try (LabTransfer download = serve("replica", lab.fact("replica.address"));
          LabTransfer upload = serve("vm1", lab.fact("production.vm"))) {
        assertThat(download.fetch("vm1", 10)).as("to production").isEqualTo(MEBIBYTE);
        assertThat(upload.fetch("replica", 10)).as("to the replica").isEqualTo(MEBIBYTE);
        assertThat(segmentBytes(download.connectionFrom("vm1")))
            .isLessThanOrEqualTo(path.innerSegmentBytes());
      }
      tunnel.tearDown();
      assertThat(lab.in("tenant", "nft list ruleset")).doesNotContain("maxseg");
    } finally {
      tunnel.clearPath();
      widen();
    }
  }

  @Test
  void holdsClocksAgainstEachOtherAndAgainstCertificates() {
    ClockReading well = preflight.readClock(tunnel.tenant(), tunnel.tenantIdentity());
    assertThat(well.findings()).isEmpty();
    assertThat(well.ahead()).isLessThan(Duration.ofSeconds(60));

    ClockReading behind =
        new TunnelPreflight(
                tunnel.ssh(), InstantSource.offset(InstantSource.system(), Duration.ofMinutes(2)))
            .readClock(tunnel.provider(), tunnel.tenantIdentity());
    assertThat(behind.ahead()).isBetween(Duration.ofSeconds(-121), Duration.ofSeconds(-110));
    assertThat(behind.findings())
        .singleElement()
        .asString()
        .contains("'provider'", "s behind the worker's", "NTP");

    assertThat(
            preflight
                .readClock(
                    tunnel.tenant(), tunnel.identityOf(Instant.now().minus(Duration.ofDays(3))))
                .findings())
        .singleElement()
        .asString()
        .contains("was good until", "switchback ca tenant");
    assertThat(
            preflight
                .readClock(
                    tunnel.tenant(), tunnel.identityOf(Instant.now().plus(Duration.ofDays(3))))
                .findings())
        .singleElement()
        .asString()
        .contains("is good from", "Set its clock");
  }

  private static PathMeasured measure() {
    return preflight.measure(tunnel.tenant(), tunnel.productionEnd(List.of()), Optional.of(door));
  }

  private static LabTransfer serve(String host, String address) {
    return new LabTransfer(lab, host, address, folder.resolve(host), MEBIBYTE);
  }

  private static int segmentBytes(String connection) {
    Matcher found = Pattern.compile(" mss:(\\d+)").matcher(connection);
    assertThat(found.find()).as(connection).isTrue();
    return Integer.parseInt(found.group(1));
  }

  private static void narrow() {
    lab.in(
        "router",
        """
        ip route replace %s/32 dev wan mtu lock %d
        ip route replace %s dev lan mtu lock %2$d
        nft 'table ip hole { chain out { type filter hook output priority filter; icmp type destination-unreachable drop; }; }'
        """
            .formatted(door.address().getHostAddress(), NARROW, lab.fact("production.network")));
  }

  private static void widen() {
    lab.in(
        "router",
        """
        ip route del %s/32
        ip route replace %s dev lan
        nft 'delete table ip hole'
        """
            .formatted(door.address().getHostAddress(), lab.fact("production.network")));
  }
}
