package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.port.NetworkExtensionActivities.AddressOwner;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who has an address on production's network, asked from the tenant's appliance. */
@Tag("network")
class AddressProbeIT {
  @RegisterExtension static final SharedLab LAB = new SharedLab();

  private static NetworkLab lab;
  private static LabTunnel tunnel;
  private static AddressProbe probe;
  private static String address;
  private static String nobodys;

  @BeforeAll
  static void prepare() {
    lab = LAB.lab();
    tunnel = new LabTunnel(lab, new Tunnel("probed", 9));
    probe = new AddressProbe(tunnel.ssh());
    address = lab.fact("replica.address");
    nobodys = address + "1";
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
  void namesEveryMachineThatHasTheAddress() {
    lab.power("off", "replica");
    lab.power("on", "vm2");
    lab.in("vm1", "ip address add %s/32 dev eth0".formatted(address));
    try {
      assertThat(ask(List.of(address, nobodys)))
          .containsExactlyInAnyOrder(
              new AddressOwner(address, mac("vm1")), new AddressOwner(address, mac("vm2")));
    } finally {
      lab.in("vm1", "ip address del %s/32 dev eth0".formatted(address));
    }
  }

  /** Otherwise every replica of a shared extension would be in its own way. */
  @Test
  void isNotAnsweredByAnExtension() {
    lab.power("off", "vm2");
    lab.power("on", "replica");
    tunnel.open(List.of(address));
    // In the place of another appliance on production's network.
    lab.in(
        "vm1",
        """
        ip tuntap add dev elsewhere mode tap && ip link set elsewhere up
        ip route add %1$s dev elsewhere && ip neigh add proxy %1$s dev eth0
        sysctl -q -w net.ipv4.conf.eth0.forwarding=1 net.ipv4.neigh.eth0.proxy_delay=0
        """
            .formatted(address));
    try {
      assertThat(lab.in("tenant", "arping -r -c 1 -W 0.5 -i lan " + address).strip())
          .as("who answers to ordinary questions")
          .isEqualTo(mac("vm1"));

      assertThat(ask(List.of(address))).isEmpty();
    } finally {
      lab.in(
          "vm1",
          """
          sysctl -q -w net.ipv4.conf.eth0.forwarding=0
          ip neigh del proxy %s dev eth0; ip link del elsewhere
          """
              .formatted(address));
    }
  }

  @Test
  void silenceIsNoAnswerWhereNobodyCouldAnswer() {
    lab.in("tenant", "ip tuntap add dev idle mode tap");
    try {
      assertThat(refused("idle")).contains("'idle' is down or has no link");
    } finally {
      lab.in("tenant", "ip link del idle");
    }
    assertThat(refused("eth9")).contains("no network card 'eth9'");
  }

  @Test
  void silenceIsNoAnswerToAQuestionThatWasNotPut() {
    lab.in(
        "tenant",
        """
        printf '#!/bin/sh\necho out of order >&2\nexit 1\n' >/run/arping && chmod +x /run/arping
        mount --bind /run/arping "$(readlink -f "$(command -v arping)")"
        """);
    try {
      assertThat(refused(lab.fact("tenant.card"))).contains(address + " out of order", "'arping'");
    } finally {
      lab.in("tenant", "umount \"$(readlink -f \"$(command -v arping)\")\"");
    }
  }

  private static List<AddressOwner> ask(List<String> addresses) {
    return probe.ask(tunnel.tenant(), lab.fact("tenant.card"), addresses);
  }

  private static String refused(String card) {
    FaultException fault =
        catchThrowableOfType(
            FaultException.class, () -> probe.ask(tunnel.tenant(), card, List.of(address)));
    assertThat(fault).isNotNull();
    assertThat(fault.fault()).as(fault.sentence()).isEqualTo(Fault.APPLIANCE_UNFIT);
    return fault.sentence();
  }

  private static String mac(String host) {
    return lab.in(host, "cat /sys/class/net/eth0/address").strip();
  }
}
