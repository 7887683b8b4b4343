package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.port.NetworkExtensionActivities.Side;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The way from production to a replica and back, with real packets. */
@Tag("network")
class NetworkExtensionPathIT {
  @RegisterExtension static final SharedLab LAB = new SharedLab();

  private static NetworkLab lab;
  private static LabTunnel tunnel;
  private static String replica;

  @BeforeAll
  static void failOver() {
    lab = LAB.lab();
    tunnel = new LabTunnel(lab, new Tunnel("lan-to-recovery", 7));
    replica = lab.fact("replica.address");
    // A host of production that has just talked to the VM remembers where it was.
    assertThat(lab.pingPatiently("vm1", replica, 1)).containsExactly(64);
    lab.power("off", "vm2");
    lab.power("on", "replica");
    assertThat(lab.ping("vm1", replica, 1)).isEmpty();
    assertThat(lab.ping("replica", lab.fact("internet.address"), 1)).isEmpty();
  }

  @AfterAll
  static void failBack() {
    if (tunnel != null) {
      tunnel.tearDown();
      lab.power("off", "replica");
      lab.power("on", "vm2");
    }
  }

  /** Whatever the test before it left. */
  @BeforeEach
  void openTunnel() {
    if (!lookAtTenant().isUp()) {
      tunnel.open(tunnel.replica());
      tunnel.awaitUp();
    }
  }

  @Test
  void theReplicaAnswersAtItsOwnAddressTwoHopsAway() {
    assertThat(lab.pingPatiently("vm1", replica, 100)).hasSize(100).containsOnly(62);
    assertThat(lab.pingPatiently("replica", lab.fact("production.vm"), 20))
        .hasSize(20)
        .containsOnly(62);
  }

  @Test
  void theReplicaReachesTheInternetThroughProductionsGateway() {
    String internet = lab.fact("internet.address");

    assertThat(lab.pingPatiently("vm1", internet, 1)).containsExactly(63);
    assertThat(lab.pingPatiently("replica", internet, 20)).hasSize(20).containsOnly(61);
  }

  @Test
  void convergingAgainChangesNothingAndDropsNothing() throws Exception {
    List<String> provider = lasting(lookAtProvider());
    List<String> tenant = lasting(lookAtTenant());

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Integer>> pings = threads.submit(() -> lab.ping("vm1", replica, 200));
      tunnel.open(tunnel.replica());
      assertThat(pings.get()).hasSize(200).containsOnly(62);
    }

    assertThat(lasting(lookAtProvider()))
        .isEqualTo(provider)
        .anyMatch(line -> line.startsWith("process "));
    assertThat(lasting(lookAtTenant())).isEqualTo(tenant);
  }

  @Test
  void severalWorkersAtOnceComeToTheSameAsOne() throws Exception {
    List<String> one = withoutProcessIds(lasting(lookAtProvider()));
    tunnel.tearDown();

    long next = tunnel.nextRevision();
    atOnce(
        () ->
            tunnel
                .tunnels()
                .converge(tunnel.provider(), tunnel.recoveryEnd(tunnel.replica()), next),
        3);
    assertThat(withoutProcessIds(lasting(lookAtProvider()))).isEqualTo(one);

    tunnel.nextRevision();
    atOnce(() -> tunnel.tunnels().tearDown(tunnel.provider(), tunnel.atRecovery()), 2);
    assertThat(lookAtProvider().present()).isEmpty();
  }

  @Test
  void anAddressThatIsNotOpenIsReachedByNobody() {
    tunnel.open(List.of());
    assertThat(lab.ping("vm1", replica, 2)).isEmpty();
    assertThat(lab.ping("replica", lab.fact("production.vm"), 2)).isEmpty();
    assertThat(lab.ping("replica", lab.fact("internet.address"), 2)).isEmpty();
    assertThat(lookAtProvider().isUp()).isTrue();

    tunnel.open(tunnel.replica());
    assertThat(lab.pingPatiently("vm1", replica, 20)).hasSize(20).containsOnly(62);
  }

  @Test
  void aReplicaDoesNotReachTheApplianceItself() {
    lab.in("replica", "ping -n -c 3 -i 0.01 -W 0.2 %s || true".formatted(lab.fact("provider.ssh")));
    lab.in("replica", "ping -n -c 3 -i 0.01 -W 0.2 169.254.0.1 || true");

    assertThat(lab.in("provider", "nft list table inet swb7"))
        .containsPattern("iifname \"recovery\" counter packets [6-9] ");
  }

  @Test
  void aDeadTunnelIsStartedAgain() {
    lab.in("provider", "pkill -9 -x openvpn");
    lab.in("provider", "while pgrep -x openvpn; do sleep 0.05; done");
    assertThat(lookAtProvider().isRunning()).isFalse();
    assertThat(lookAtTenant().isUp()).isFalse();

    tunnel.open(tunnel.replica());
    tunnel.awaitUp();

    assertThat(lab.pingPatiently("vm1", replica, 20)).hasSize(20).containsOnly(62);
  }

  @Test
  void aCommandWhoseConnectionBreaksIsDoneByTheNextOne() throws Exception {
    tunnel.open(List.of());
    // The command waits for the lock, and is in its middle for as long as that is held.
    lab.in("provider", "flock /var/lib/switchback/lock sleep 4242 >/dev/null 2>&1 </dev/null &");
    lab.in("provider", "until pgrep -f '^sleep 4242$' >/dev/null; do sleep 0.05; done");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> broken =
          threads.submit(
              () ->
                  assertFault(
                      Fault.SITE_UNREACHABLE,
                      () ->
                          tunnel
                              .tunnels()
                              .converge(
                                  tunnel.provider(),
                                  tunnel.recoveryEnd(tunnel.replica()),
                                  tunnel.revision())));
      lab.in("provider", "until pgrep -f 'flock -[w]' >/dev/null; do sleep 0.05; done");
      lab.in("provider", "pkill -9 -f '^sshd: root@notty'");
      assertThat(broken.get()).contains("the connection broke");
    } finally {
      lab.in("provider", "pkill -f '^sleep 4242$'");
    }

    tunnel.open(tunnel.replica());
    assertThat(lab.pingPatiently("vm1", replica, 20)).hasSize(20).containsOnly(62);
  }

  @Test
  void aRequestThatWakesUpLateChangesNothing() {
    long old = tunnel.revision() - 1;
    List<String> before = lasting(lookAtProvider());
    assertFault(
        Fault.FENCED,
        () -> tunnel.tunnels().converge(tunnel.provider(), tunnel.recoveryEnd(List.of()), old));
    assertThat(lasting(lookAtProvider())).isEqualTo(before);

    tunnel.tearDown();
    assertFault(
        Fault.FENCED,
        () -> tunnel.tunnels().converge(tunnel.provider(), tunnel.recoveryEnd(List.of()), old));
    assertThat(lookAtProvider().present()).isEmpty();
  }

  @Test
  void nothingIsLeftAfterATeardownAndProductionAnswersAgain() {
    tunnel.tearDown();

    assertThat(lookAtProvider().present()).isEmpty();
    assertThat(lookAtTenant().present()).isEmpty();
    lab.power("off", "replica");
    lab.power("on", "vm2");
    assertThat(lab.pingPatiently("vm1", replica, 5)).hasSize(5).containsOnly(64);
    lab.power("off", "vm2");
    lab.power("on", "replica");
  }

  @Test
  void whateverIsLeftIsSeen() {
    tunnel.tearDown();
    lab.in(
        "provider", "ip rule add pref 13000 from %s iif recovery lookup 21307".formatted(replica));
    lab.in("provider", "ip rule add pref 14007 iif recovery unreachable");
    lab.in("provider", "ip route add %s dev recovery scope link table 21307".formatted(replica));
    lab.in("provider", "ip tuntap add dev swb7 mode tap");
    lab.in("provider", "ip neigh add %s dev recovery lladdr 02:00:00:00:00:01".formatted(replica));
    lab.in("provider", "sysctl -q -w net.ipv4.conf.recovery.proxy_arp=1");
    lab.in("provider", "ip address add 169.254.0.1/32 dev recovery");
    lab.in("provider", "nft add table inet swb7");
    lab.in("tenant", "ip neigh add proxy %s dev lan".formatted(replica));

    assertThat(lookAtProvider().present())
        .extracting(line -> line.replaceAll("\\s+", " "))
        .anyMatch(line -> line.startsWith("rule 13000: from " + replica + " iif recovery"))
        .anyMatch(line -> line.startsWith("rule 14007: from all iif recovery unreachable"))
        .anyMatch(line -> line.startsWith("route " + replica))
        .anyMatch(line -> line.startsWith("interface swb7"))
        .contains("interface recovery 169.254.0.1/32", "filter swb7")
        .anyMatch(line -> line.startsWith("neighbour " + replica))
        .contains("setting recovery proxy_arp");
    assertThat(lookAtTenant().present()).containsExactly("neighbour " + replica + " proxy dev lan");
  }

  @Test
  void refusesACardThatIsNotForReplicas() {
    TunnelEnd.Recovery end = tunnel.recoveryEnd(List.of());
    Tunnel other = new Tunnel("another", 8);

    assertThat(refused(Fault.APPLIANCE_UNFIT, other, end, "mgmt"))
        .contains("'mgmt' carries the address " + lab.fact("provider.ssh"));
    assertThat(refused(Fault.APPLIANCE_UNFIT, other, end, "eth9"))
        .contains("no network card 'eth9'");
    assertThat(refused(Fault.REFUSED, other, end, end.card()))
        .contains("'%s' belongs to another tunnel".formatted(end.card()));
    assertThat(refused(Fault.REFUSED, new Tunnel("another", 7), end, "cloud"))
        .contains("the number 7 belongs to tunnel 'lan-to-recovery'");
    assertThat(
            tunnel
                .tunnels()
                .look(
                    tunnel.provider(), new EndReference(other, Side.RECOVERY, "eth9", List.of(), 1))
                .present())
        .isEmpty();
  }

  private static String refused(Fault fault, Tunnel other, TunnelEnd.Recovery end, String card) {
    return assertFault(
        fault,
        () ->
            tunnel
                .tunnels()
                .converge(
                    tunnel.provider(),
                    new TunnelEnd.Recovery(other, card, end.identity(), List.of(), 1195),
                    1));
  }

  private static void atOnce(Runnable command, int times) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Object> done :
          threads.invokeAll(Collections.nCopies(times, Executors.callable(command)))) {
        done.get();
      }
    }
  }

  private static String assertFault(Fault expected, ThrowingCallable call) {
    FaultException fault = catchThrowableOfType(FaultException.class, call);
    assertThat(fault).isNotNull();
    assertThat(fault.fault()).as(fault.sentence()).isEqualTo(expected);
    return fault.sentence();
  }

  private static TunnelView lookAtProvider() {
    return tunnel.tunnels().look(tunnel.provider(), tunnel.atRecovery());
  }

  private static TunnelView lookAtTenant() {
    return tunnel.tunnels().look(tunnel.tenant(), tunnel.atProduction());
  }

  /** Without what the kernel learns and forgets by itself. */
  private static List<String> lasting(TunnelView view) {
    return view.present().stream().filter(line -> !line.startsWith("neighbour")).toList();
  }

  private static List<String> withoutProcessIds(List<String> present) {
    return present.stream().map(line -> line.startsWith("process") ? "process" : line).toList();
  }
}
