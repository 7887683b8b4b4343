package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.appliance.FullSite.Network;
import io.switchback.appliance.FullSite.Protocol;
import io.switchback.appliance.FullSite.PublicRule;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The provider's appliance as the gateway of a network whose production is gone. */
@Tag("network")
class FullSiteIT {
  private static final String PUBLIC = "203.0.113.21";
  private static final int PORT = 8080;
  private static final int BYTES = 100_000;

  @RegisterExtension static final SharedLab LAB = new SharedLab();
  @TempDir static Path folder;

  private static NetworkLab lab;
  private static Ssh ssh;
  private static FullSiteMode mode;
  private static String replica;
  private static String internet;
  private static long revision;

  @BeforeAll
  static void loseProduction() {
    lab = LAB.lab();
    ssh = new Ssh(SshSettings.standard(), LabTunnel::read);
    mode = new FullSiteMode(ssh);
    replica = lab.fact("replica.address");
    internet = lab.fact("internet.address");
    lab.power("off", "vm1");
    lab.power("off", "vm2");
    lab.power("on", "replica");
    assertThat(lab.ping("replica", internet, 1)).isEmpty();
  }

  @AfterAll
  static void bringBack() {
    if (mode != null) {
      mode.tearDown(provider(), ++revision);
      lab.forgetFullSite();
      lab.power("off", "replica");
      lab.power("on", "vm1");
      lab.power("on", "vm2");
    }
  }

  @BeforeEach
  void setUp() {
    mode.apply(provider(), site(Optional.of(PUBLIC), published()), ++revision);
  }

  @Test
  void aReplicaReachesOutByItsNetworksPublicAddress() {
    lab.in(
        "internet",
        "nft 'table ip seen { chain in { type filter hook input priority filter; ip saddr %s counter; }; }'"
            .formatted(PUBLIC));
    try {
      assertThat(lab.pingPatiently("replica", internet, 5)).hasSize(5).containsOnly(63);
      assertThat(lab.in("internet", "nft list table ip seen")).contains("packets 5 ");
    } finally {
      lab.in("internet", "nft delete table ip seen");
    }
    assertThat(lab.pingPatiently("replica", lab.fact("production.gateway"), 1)).containsExactly(64);
    assertThat(lab.ping("replica", lab.fact("provider.address"), 1))
        .as("the appliance itself")
        .isEmpty();
  }

  @Test
  void aPublishedPortAnswersFromOutsideAndNothingElseDoes() {
    try (LabTransfer served =
        new LabTransfer(lab, "replica", replica, folder.resolve("served"), BYTES)) {
      assertThat(served.fetch("internet", 10, PUBLIC, PORT)).isEqualTo(BYTES);
      assertThat(served.fetch("replica", 10, PUBLIC, PORT)).as("by a replica").isEqualTo(BYTES);

      assertThat(served.fetch("internet", 1, PUBLIC, LabTransfer.PORT)).isZero();
      lab.in(
          "internet", "ip route add %s via 203.0.113.20".formatted(lab.fact("production.network")));
      try {
        assertThat(served.fetch("internet", 1, replica, LabTransfer.PORT)).isZero();
      } finally {
        lab.in("internet", "ip route del " + lab.fact("production.network"));
      }

      mode.apply(provider(), site(Optional.of(PUBLIC), List.of()), ++revision);
      assertThat(served.fetch("internet", 1, PUBLIC, PORT)).as("no longer published").isZero();
    }
  }

  @Test
  void aNetworkWithoutAPublicAddressStaysInside() {
    mode.apply(provider(), site(Optional.empty(), published()), ++revision);

    assertThat(lab.ping("replica", internet, 2)).isEmpty();
    assertThat(lab.pingPatiently("replica", lab.fact("production.gateway"), 1)).containsExactly(64);
  }

  @Test
  void applyingAgainChangesNothingAndALateRequestNeither() {
    List<String> once = mode.look(provider());
    String rules = lab.in("provider", "nft list table inet swb_full_site");
    assertThat(once).contains("filter swb_full_site", "interface public %s/32".formatted(PUBLIC));

    mode.apply(provider(), site(Optional.of(PUBLIC), published()), ++revision);
    assertThat(mode.look(provider())).isEqualTo(once);

    assertFault(
        Fault.FENCED,
        () -> mode.apply(provider(), site(Optional.empty(), List.of()), revision - 1));
    assertThat(mode.look(provider())).isEqualTo(once);
    assertThat(lab.in("provider", "nft list table inet swb_full_site").replaceAll("\\d+", ""))
        .isEqualTo(rules.replaceAll("\\d+", ""));
  }

  @Test
  void nothingIsLeftAfterATeardown() {
    mode.tearDown(provider(), ++revision);

    assertThat(mode.look(provider())).isEmpty();
    assertThat(
            lab.in(
                "provider",
                "nft list ruleset; ip rule; ip -4 -o address; ip route show table 21299 2>&1 || true"))
        .doesNotContain("swb", "13500", "13501", PUBLIC, lab.fact("production.gateway") + "/");
    assertThat(lab.ping("replica", internet, 1)).isEmpty();
    mode.tearDown(provider(), revision);
  }

  @Test
  void whoeverDiesOnTheWayIsFollowedByTheNext() {
    mode.tearDown(provider(), ++revision);
    // As a command leaves it that dies after it has noted what it is about to make.
    lab.in(
        "provider",
        """
        mkdir -p /var/lib/switchback/full-site && cd /var/lib/switchback/full-site
        echo 'recovery %s/24' >added && echo recovery >cards && echo recovery >forwarding
        ip rule add pref 13500 iif recovery lookup main suppress_prefixlength 0
        ip address add %1$s/24 dev recovery
        """
            .formatted(lab.fact("production.gateway")));
    assertThat(mode.look(provider())).isNotEmpty();

    mode.apply(provider(), site(Optional.of(PUBLIC), published()), ++revision);
    assertThat(lab.pingPatiently("replica", internet, 2)).containsExactly(63, 63);

    mode.tearDown(provider(), ++revision);
    assertThat(mode.look(provider())).isEmpty();
  }

  @Test
  void aCardOfATunnelIsNoGateway() {
    mode.tearDown(provider(), ++revision);
    LabTunnel tunnel = new LabTunnel(lab, new Tunnel("extended", 13));
    tunnel.open(tunnel.replica());
    try {
      assertThat(
              assertFault(
                  Fault.REFUSED,
                  () -> mode.apply(provider(), site(Optional.empty(), List.of()), ++revision)))
          .contains("'recovery' belongs to tunnel 'extended'");
      assertThat(mode.look(provider())).isEmpty();
    } finally {
      tunnel.tearDown();
    }
  }

  private static FullSite site(Optional<String> source, List<PublicRule> rules) {
    return new FullSite(
        lab.fact("provider.uplink"),
        lab.fact("internet.gateway"),
        List.of(
            new Network(
                lab.fact("provider.card"),
                lab.fact("production.network"),
                lab.fact("production.gateway"),
                source)),
        rules);
  }

  private static List<PublicRule> published() {
    return List.of(new PublicRule(Protocol.TCP, PUBLIC, PORT, replica, LabTransfer.PORT));
  }

  private static Appliance provider() {
    return lab.appliance("provider");
  }

  private static String assertFault(Fault expected, ThrowingCallable call) {
    FaultException fault = catchThrowableOfType(FaultException.class, call);
    assertThat(fault).isNotNull();
    assertThat(fault.fault()).as(fault.sentence()).isEqualTo(expected);
    return fault.sentence();
  }
}
