package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be asked of an end, and what OpenVPN is told for it. */
class TunnelEndTest {
  private static final Tunnel TUNNEL = new Tunnel("lan", 7);
  private static final TunnelIdentity IDENTITY =
      new TunnelIdentity(
          "-----BEGIN PRIVATE KEY-----secret-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----",
          "authorities",
          "lists",
          "acme");

  @Test
  void listsEveryMistake() {
    assertThatThrownBy(
            () ->
                new TunnelEnd.Production(
                    TUNNEL,
                    "eth0; reboot",
                    IDENTITY,
                    List.of("192.168.10.20", "192.168.10.20", "10.0.0.1", "192.168.10.1", "tree"),
                    "192.168.10.0/24",
                    "192.168.10.1",
                    "$(reboot)",
                    0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "network card",
            "there twice",
            "'tree' is no IPv4 address",
            "10.0.0.1 is not in 192.168.10.0/24",
            "the gateway's address",
            "remote host",
            "remote port");
    assertThatThrownBy(() -> new TunnelEnd.Recovery(TUNNEL, "", IDENTITY, List.of("1.2.3"), 70_000))
        .hasMessageContainingAll("network card", "'1.2.3'", "port");
    assertThatThrownBy(() -> new Tunnel("../x", 255)).hasMessageContainingAll("name", "number");
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.168.10.1/24", "192.168.10.0", "192.168.10.0/33", "a/24", "1.2.3/8"})
  void refusesWhatIsNoNetwork(String text) {
    assertThatThrownBy(() -> Subnet.parse(text)).hasMessageContaining("'" + text + "'");
  }

  @Test
  void knowsWhatIsInANetwork() {
    assertThat(Subnet.parse("192.168.10.128/25").contains("192.168.10.129")).isTrue();
    assertThat(Subnet.parse("192.168.10.128/25").contains("192.168.10.127")).isFalse();
    assertThat(Subnet.parse("0.0.0.0/0").contains("203.0.113.9")).isTrue();
    assertThat(Subnet.isAddress("255.255.255.255")).isTrue();
    assertThat(Subnet.isAddress("256.1.1.1")).isFalse();
    assertThat(Subnet.isAddress("1.1.1.1.")).isFalse();
    assertThat(Subnet.isAddress("1.1.1.010")).as("some programs read this as 8").isFalse();
  }

  @Test
  void tellsOpenVpnWhomToBelieveAndNoSecret() {
    TunnelEnd.Recovery end = new TunnelEnd.Recovery(TUNNEL, "eth1", IDENTITY, List.of(), 1194);

    assertThat(OpenVpnConfiguration.of(end))
        .contains(
            "verify-x509-name 'O=Switchback, OU=tunnel client, CN=acme' subject",
            "remote-cert-tls client",
            "tls-version-min 1.3",
            "dev swb7",
            "port 1194")
        .doesNotContain("secret");
    TunnelEnd.Production other =
        new TunnelEnd.Production(
            TUNNEL, "eth0", IDENTITY, List.of(), "10.0.0.0/24", "", "127.0.0.1", 1194);
    assertThat(OpenVpnConfiguration.of(other))
        .contains(
            "verify-x509-name 'O=Switchback, OU=tunnel server, CN=acme' subject",
            "remote-cert-tls server");
    assertThat(end.toString()).doesNotContain("secret");
  }
}
