package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.FullSiteGateway;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.FullSiteSettings.Protocol;
import io.switchback.model.FullSiteSettings.Published;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkPair;
import io.switchback.model.NetworkPair.Member;
import io.switchback.port.NetworkExtensionActivities;
import io.switchback.port.NetworkExtensionActivities.ConvergeEnd;
import io.switchback.port.NetworkExtensionActivities.LookAtEnd;
import io.switchback.port.NetworkExtensionActivities.Side;
import io.switchback.port.NetworkExtensionActivities.TearDownEnd;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two networks whose gateway is one appliance. Each has a pair of its own, which asks for it. */
@Tag("network")
class FullSiteNetworksIT {
  private static final int PORT = 8080;
  private static final int WEB = 80;
  private static final Pattern SEQUENCE = Pattern.compile("icmp_seq=(\\d+) ttl=63 ");

  @RegisterExtension static final SharedLab LAB = new SharedLab();
  @TempDir private static Path folder;

  private static NetworkLab lab;
  private static NetworkExtensionActivities ends;
  private static String internet;
  private static List<String> before;
  private static long revision;

  /** A network of the tenant, with the one VM in it. */
  private enum Network {
    LAN(1, "replica", "203.0.113.21"),
    DMZ(2, "replica2", "203.0.113.22");

    /** Of its pair. */
    final int number;

    final String host;

    /** With which its VM is seen outside, and reached from there. */
    final String publicAddress;

    Network(int number, String host, String publicAddress) {
      this.number = number;
      this.host = host;
      this.publicAddress = publicAddress;
    }

    Network other() {
      return this == LAN ? DMZ : LAN;
    }

    String card() {
      return lab.fact(this == LAN ? "provider.card" : "dmz.card");
    }

    String address() {
      return lab.fact(host + ".address");
    }

    String gateway() {
      return lab.fact(this == LAN ? "production.gateway" : "dmz.gateway");
    }

    NetworkExtent extent() {
      return new NetworkExtent(
          lab.fact(this == LAN ? "production.network" : "dmz.network"),
          gateway(),
          "eth1",
          card(),
          "127.0.0.1:1194",
          1194);
    }

    FullSiteGateway.Network served() {
      return new FullSiteGateway.Network(name(), extent());
    }
  }

  @BeforeAll
  static void powerOn() {
    lab = LAB.lab();
    internet = lab.fact("internet.address");
    before = traces();
    ends =
        new ApplianceExtensionActivities(
            SshSettings.standard(), LabTunnel::read, new TunnelBook(InstantSource.system()));
    for (Network network : Network.values()) {
      lab.power("on", network.host);
    }
  }

  @AfterAll
  static void powerOff() {
    if (ends != null) {
      var _ = tearDown(Network.LAN);
      lab.forgetFullSite();
      for (Network network : Network.values()) {
        lab.power("off", network.host);
      }
    }
  }

  @BeforeEach
  void bothFailOver() {
    assertThat(converge(Network.LAN, Network.LAN)).isTrue();
    assertThat(converge(Network.DMZ, Network.LAN, Network.DMZ)).isTrue();
  }

  @Test
  void eachGetsOutByItsOwnPublicAddressAndIsReachedByIt() {
    lab.in(
        "internet",
        """
        nft 'table ip seen { chain in { type filter hook input priority filter;
          ip saddr %s icmp type echo-request counter; ip saddr %s icmp type echo-request counter; }; }'
        """
            .formatted(Network.LAN.publicAddress, Network.DMZ.publicAddress));
    try {
      assertThat(lab.pingPatiently("replica", internet, 3)).containsExactly(63, 63, 63);
      assertThat(lab.pingPatiently("replica2", internet, 5)).hasSize(5).containsOnly(63);
      assertThat(lab.in("internet", "nft list table ip seen"))
          .containsPattern("saddr 203.0.113.21 .*packets 3 ")
          .containsPattern("saddr 203.0.113.22 .*packets 5 ");
    } finally {
      lab.in("internet", "nft delete table ip seen");
    }
    for (Network network : Network.values()) {
      assertThat(lab.pingPatiently(network.host, network.gateway(), 1)).containsExactly(64);
      assertThat(lab.pingPatiently(network.host, network.other().address(), 1))
          .as("the tenant's networks reach each other")
          .containsExactly(63);
      assertThat(whoAnswersAt(network)).isEqualTo(network.host);
    }
  }

  @Test
  void whoeverLeavesDoesNotDisturbTheOther() {
    Network leaver = Network.LAN;
    Network other = Network.DMZ;
    try (Pings pings = new Pings(other)) {
      assertThat(tearDown(leaver, other)).isTrue();

      assertThat(look(other, other)).isTrue();
      List<Integer> answered = pings.end();
      assertThat(answered)
          .as("not one was lost")
          .isEqualTo(IntStream.rangeClosed(1, answered.size()).boxed().toList());
    }
    assertThat(lab.pingPatiently(other.host, internet, 3)).containsExactly(63, 63, 63);
    assertThat(whoAnswersAt(other)).isEqualTo(other.host);

    assertThat(look(leaver, other)).isFalse();
    assertThat(lab.ping(leaver.host, internet, 1)).isEmpty();
    assertThat(lab.ping(leaver.host, leaver.gateway(), 1)).isEmpty();
    assertThat(whoAnswersAt(leaver)).isEmpty();
    assertThat(lab.in("provider", "nft list ruleset; ip -4 rule; ip -4 -o address"))
        .doesNotContain(
            leaver.gateway() + "/", leaver.publicAddress, "iif %s ".formatted(leaver.card()));

    assertThat(tearDown(other)).isTrue();
    assertThat(traces()).isEqualTo(before);
    assertThat(tearDown(leaver)).as("whether anything was there").isFalse();
  }

  /** What the appliance has; whom it has met on its networks it may remember. */
  private static List<String> traces() {
    return lab.running().traces("provider").stream()
        .filter(line -> !line.startsWith("neighbour "))
        .toList();
  }

  private static boolean converge(Network network, Network... served) {
    return ends.convergeEnd(new ConvergeEnd(pair(network, ++revision, served), Side.RECOVERY))
        .running();
  }

  private static boolean look(Network network, Network... served) {
    return ends.lookAtEnd(new LookAtEnd(pair(network, revision, served), Side.RECOVERY)).running();
  }

  private static boolean tearDown(Network network, Network... left) {
    return ends.tearDownEnd(new TearDownEnd(pair(network, ++revision, left), Side.RECOVERY))
        .changed();
  }

  /** As the registry tells it to the loop of that network. */
  private static NetworkPair pair(Network network, long revision, Network... served) {
    List<Network> all = List.of(served);
    return new NetworkPair(
        network.number,
        revision,
        "berlin",
        network.name(),
        "munich",
        network.name(),
        network.extent(),
        null,
        lab.running().appliance("provider", folder, "acme"),
        all.contains(network)
            ? List.of(new Member("id-" + network.host, network.host, List.of(), 1))
            : List.of(),
        false,
        new FullSiteGateway(revision, settings(), all.stream().map(Network::served).toList()));
  }

  private static FullSiteSettings settings() {
    return new FullSiteSettings(
        lab.fact("provider.uplink"),
        lab.fact("internet.gateway"),
        Map.of(
            Network.LAN.name(), Network.LAN.publicAddress,
            Network.DMZ.name(), Network.DMZ.publicAddress),
        Arrays.stream(Network.values())
            .map(
                network ->
                    new Published(
                        Protocol.TCP, network.publicAddress, PORT, network.address(), WEB))
            .toList());
  }

  /** The name that a network's published VM gives of itself outside; empty when nobody answers. */
  private static String whoAnswersAt(Network network) {
    return lab.in(
            "internet",
            """
            timeout 2 bash -c 'exec 3<>/dev/tcp/%s/%d
            printf "GET /name HTTP/1.0\\r\\n\\r\\n" >&3
            sed "1,/^\\r$/d" <&3' 2>/dev/null || true
            """
                .formatted(network.publicAddress, PORT))
        .strip();
  }

  /** A VM that pings the internet all the time, fifty times a second. */
  private static final class Pings implements AutoCloseable {
    private final String host;
    private final Path heard;
    private final String process;

    /** Begins, and waits for the first answer. */
    Pings(Network network) {
      host = network.host;
      heard = folder.resolve(host + ".pings");
      process =
          lab.in(
                  host,
                  """
                  ping -n -i 0.02 -W 1 %s >'%2$s' 2>&1 </dev/null &
                  pid=$!
                  until grep -q ttl= '%2$s'; do kill -0 $pid || exit 1; sleep 0.02; done
                  echo $pid
                  """
                      .formatted(internet, heard))
              .strip();
    }

    /** Ends, and says which of its pings were answered. */
    List<Integer> end() {
      String all =
          lab.in(
              host,
              "kill -INT %s; while kill -0 %1$s 2>/dev/null; do sleep 0.02; done; cat '%s'"
                  .formatted(process, heard));
      return SEQUENCE
          .matcher(all)
          .results()
          .map(answer -> Integer.valueOf(answer.group(1)))
          .toList();
    }

    @Override
    public void close() {
      lab.in(host, "kill -9 %s 2>/dev/null || true".formatted(process));
    }
  }
}
