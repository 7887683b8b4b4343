package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.appliance.FullSite.Network;
import io.switchback.appliance.FullSite.Protocol;
import io.switchback.appliance.FullSite.PublicRule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What may be asked of the full-site mode, and what the packet filter is told for it. */
class FullSiteTest {
  private static final Network WEB =
      new Network("eth1", "10.0.1.0/24", "10.0.1.1", Optional.of("203.0.113.5"));
  private static final Network STORE =
      new Network("eth2", "10.0.2.0/24", "10.0.2.1", Optional.empty());
  private static final PublicRule HTTPS =
      new PublicRule(Protocol.TCP, "203.0.113.6", 443, "10.0.1.20", 8443);

  @Test
  void listsEveryMistake() {
    assertThatThrownBy(
            () ->
                new FullSite(
                    "eth1",
                    "gateway",
                    List.of(WEB, WEB),
                    List.of(
                        HTTPS,
                        HTTPS,
                        new PublicRule(Protocol.UDP, "203.0.113.6", 53, "10.9.0.1", 53))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "uplink's gateway 'gateway'",
            "card 'eth1' is there twice",
            "networks 10.0.1.0/24 and 10.0.1.0/24 overlap",
            "TCP port 443 of 203.0.113.6 is there twice",
            "10.9.0.1 is in none of the networks");
    assertThatThrownBy(
            () -> new Network("eth1; reboot", "10.0.1.0/24", "10.0.2.1", Optional.of("x")))
        .hasMessageContainingAll("card", "10.0.2.1", "'x'");
    assertThatThrownBy(() -> new PublicRule(Protocol.TCP, "x", 0, "y", 70_000))
        .hasMessageContainingAll("'x'", "'y'", "the port", "replica's port");
  }

  @Test
  void letsOutOnlyWhoHasAPublicAddressAndInOnlyWhatIsPublished() {
    FullSite site = new FullSite("eth0", "203.0.113.1", List.of(WEB, STORE), List.of(HTTPS));

    assertThat(FullSiteRules.of(site).lines().map(String::strip))
        .contains(
            "iifname \"eth1\" ip saddr 10.0.1.0/24 oifname \"eth0\" accept",
            "ip saddr 10.0.1.0/24 oifname \"eth0\" snat ip to 203.0.113.5",
            "ip daddr 203.0.113.6 tcp dport 443 dnat ip to 10.0.1.20:8443",
            "iifname \"eth0\" counter drop",
            "iifname { \"eth1\", \"eth2\" } counter drop")
        .noneMatch(line -> line.contains("10.0.2.0/24") && line.contains("eth0"));
    assertThat(site.publicAddresses()).containsExactly("203.0.113.5", "203.0.113.6");
  }
}
