package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.appliance.lab.LabGateway;
import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.CertificateAuthority.Issued;
import io.switchback.delta.trust.CertificateRole;
import io.switchback.delta.trust.IssuedCertificate.Reason;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.operation.MemberResult;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.NetworkState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A partial failover as production's network sees it, with everything real but the hypervisor. What
 * may die is killed in the middle, and each outage is printed.
 */
@Tag("network")
@Tag("process")
class NetworkExtensionIT {
  /** Within that the way is open again by itself. */
  private static final Duration MENDED = Duration.ofSeconds(15);

  /** The same where a worker has died together with the tunnel. */
  private static final Duration MENDED_BY_ANOTHER = Duration.ofSeconds(30);

  /** What is lost when a host is busy, and nothing else is. */
  private static final Duration UNINTERRUPTED = Duration.ofSeconds(1);

  @TempDir static Path directory;
  private static ExtensionEstate estate;
  private static String address;
  private static List<String> tenantBefore;
  private static List<String> providerBefore;

  /** Something that goes wrong. */
  private interface Blow {
    void fall() throws Exception;
  }

  @BeforeAll
  static void build() throws IOException {
    estate = new ExtensionEstate(directory);
    address = estate.network.fact("replica.address");
    tenantBefore = estate.network.traces("tenant");
    providerBefore = estate.network.traces("provider");
  }

  @AfterAll
  static void leave() {
    if (estate != null) {
      estate.close();
    }
  }

  @Test
  void theReplicaAnswersInProductionsPlaceUntilItsFailoverIsUndone() throws Exception {
    assertThat(estate.network.pingPatiently("vm1", address, 20)).hasSize(20).containsOnly(64);
    estate.done("lab", "power", ExtensionEstate.APPLIANCE, "off");
    assertThat(estate.network.ping("gateway", estate.network.fact("provider.address"), 1))
        .isEmpty();
    assertThat(failOver().network().getFirst().detail())
        .contains("its VM '%s' was powered on at ".formatted(ExtensionEstate.APPLIANCE));

    assertThat(estate.network.pingPatiently("vm1", address, 100)).hasSize(100).containsOnly(62);
    assertThat(estate.network.fetch("vm1", address)).isEqualTo(digestOfTheFile());
    replicaReachesTheInternetThroughTheTenantsGateway();

    try (Pinging pinging = Pinging.from(estate.script, "vm1", address)) {
      mended(pinging, "OpenVPN of the tenant's appliance", MENDED, () -> killTunnel("tenant"));
      mended(pinging, "the cloud gateway", MENDED, NetworkExtensionIT::killGateway);
      mended(pinging, "a control worker", UNINTERRUPTED, () -> estate.killWorker("control-1"));
      assertThat(pinging.ttls()).containsOnly(62);
    }
    undo();
  }

  @Test
  @EnabledIfSystemProperty(
      named = "network.kills",
      matches = "all",
      disabledReason = "takes minutes; -Dnetwork.kills=all runs it")
  void whateverDiesIsMended() throws Exception {
    failOver();
    try (Pinging pinging = Pinging.from(estate.script, "vm1", address)) {
      for (String host : List.of("tenant", "provider")) {
        mended(pinging, "OpenVPN of the " + host, MENDED, () -> killTunnel(host));
        mended(pinging, "proxy ARP and routes of the " + host, MENDED, () -> plunder(host));
        mended(pinging, "sshd of the " + host, UNINTERRUPTED, () -> killSshd(host));
        mended(pinging, "OpenVPN of the " + host + " after that", MENDED, () -> killTunnel(host));
      }
      mended(pinging, "the cloud gateway", MENDED, NetworkExtensionIT::killGateway);
      estate.startWorkers(List.of("control-1", "berlin-2", "potsdam-2"));
      for (String worker : List.of("control-1", "berlin-1", "potsdam-1")) {
        mended(pinging, worker, UNINTERRUPTED, () -> estate.killWorker(worker));
        estate.startWorker(worker);
        mended(
            pinging,
            "the tunnel together with " + worker,
            MENDED_BY_ANOTHER,
            () -> {
              killTunnel("tenant");
              estate.killWorker(worker);
            });
        estate.startWorker(worker);
      }
      mended(
          pinging,
          "the tunnel together with all workers, which come back",
          Duration.ofMinutes(2),
          () -> {
            killTunnel("provider");
            List<String> all =
                List.of("control-1", "control-2", "berlin-1", "berlin-2", "potsdam-1", "potsdam-2");
            all.forEach(estate::killWorker);
            estate.startWorkers(all);
          });
    }
    undo();
  }

  @Test
  @EnabledIfSystemProperty(
      named = "network.kills",
      matches = "all",
      disabledReason =
          "waits a minute for a tunnel that cannot come up; -Dnetwork.kills=all runs it")
  void aRevokedCertificateIsARefusalThatTheFailoverNames() throws IOException {
    CertificateAuthority authority = estate.gateway.authority();
    Issued revoked = issue(CertificateRole.TUNNEL_CLIENT);
    authority.revoke(revoked.certificate().serial(), Reason.KEY_COMPROMISE);
    estate.gateway.showAt("tenant", revoked.files());
    // It comes with the list of what was taken back.
    estate.gateway.showAt("provider", issue(CertificateRole.TUNNEL_SERVER).files());
    MemberResult failover = failOverAnyway();

    assertThat(failover.state()).isEqualTo(ReplicaState.FAILOVER);
    assertThat(failover.network())
        .as("%s", failover.network())
        .anySatisfy(
            side -> {
              assertThat(side.condition()).isEqualTo(Condition.DEGRADED);
              assertThat(side.detail()).contains("revoked");
            });
    assertThat(estate.network.ping("vm1", address, 3)).isEmpty();
    estate.gateway.showAt("tenant", issue(CertificateRole.TUNNEL_CLIENT).files());
    undo();
  }

  private static Issued issue(CertificateRole role) {
    return estate.gateway.authority().issue(role, LabGateway.TENANT, Duration.ofDays(1));
  }

  private static MemberResult failOver() {
    MemberResult failover = failOverAnyway();
    assertThat(failover.network())
        .extracting(NetworkState::condition)
        .containsExactly(Condition.UP, Condition.UP);
    return failover;
  }

  private static MemberResult failOverAnyway() {
    estate.done("lab", "power", ExtensionEstate.VM, "off");
    assertThat(estate.network.ping("vm1", address, 1)).isEmpty();
    return estate.conduct("partial-failover");
  }

  /** The network is as it was, whatever has died meanwhile. */
  private static void undo() {
    assertThat(estate.conduct("undo-failover").state()).isEqualTo(ReplicaState.READY);
    assertThat(estate.network.traces("tenant")).isEqualTo(tenantBefore);
    assertThat(estate.network.traces("provider")).isEqualTo(providerBefore);
    estate.done("lab", "power", ExtensionEstate.VM, "on");
    assertThat(estate.network.pingPatiently("vm1", address, 20)).hasSize(20).containsOnly(64);
  }

  private static void replicaReachesTheInternetThroughTheTenantsGateway() throws IOException {
    Path log = Path.of(estate.network.fact("internet.log"));
    estate.network.fetch("replica", estate.network.fact("internet.address"));
    List<String> asked = Files.readAllLines(log);
    assertThat(asked.getLast())
        .startsWith(estate.network.fact("router.address") + " ")
        .contains("GET /file");
  }

  private static void mended(Pinging pinging, String what, Duration limit, Blow blow)
      throws Exception {
    double since = Pinging.now();
    blow.fall();
    Duration silence = pinging.longestSilence(since, 40);
    System.out.printf("%s: silent for %.1f s%n", what, silence.toMillis() / 1000.0);
    assertThat(silence).as(what).isLessThan(limit);
  }

  private static void killTunnel(String host) {
    estate.network.in(host, "pkill -9 -x openvpn");
  }

  private static void killSshd(String host) {
    estate.network.in(host, "pkill -9 -x sshd");
  }

  private static void killGateway() {
    // It has a network of its own, and shares its processes with the rest of this machine.
    estate.network.in(
        "gateway",
        """
        for pid in $(ip netns pids %s-gateway); do
          [ "$(cat /proc/$pid/comm)" != haproxy ] || kill -9 $pid
        done
        """
            .formatted(estate.script.prefix()));
  }

  private static void plunder(String host) {
    estate.network.in(
        host,
        "while ip rule del pref 13000 2>/dev/null; do :; done; ip route flush table 21301; ip neigh flush proxy dev %s || true"
            .formatted(estate.network.fact(host + ".card")));
  }

  private static String digestOfTheFile() throws IOException, NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256")
                .digest(Files.readAllBytes(Path.of(estate.network.fact("file")))));
  }
}
