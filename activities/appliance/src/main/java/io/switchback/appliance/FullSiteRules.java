package io.switchback.appliance;

import io.switchback.appliance.FullSite.Network;
import io.switchback.appliance.FullSite.PublicRule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The packet filter's table of the full-site mode: all that it lets through and rewrites. */
final class FullSiteRules {
  private FullSiteRules() {}

  static String of(FullSite site) {
    String cards =
        site.networks().stream()
            .map(network -> '"' + network.card() + '"')
            .collect(Collectors.joining(", ", "{ ", " }"));
    return """
    table inet swb_full_site {
      chain forward {
        type filter hook forward priority filter; policy accept;
        ct state established,related iifname "%1$s" oifname %2$s accept
        ct status dnat iifname "%1$s" oifname %2$s accept
        iifname "%1$s" counter drop
        iifname %2$s oifname %2$s accept
        ct state established,related iifname %2$s oifname "%1$s" accept
    %3$s
        iifname %2$s counter drop
      }
      # Replicas see that their gateway is there, and nothing else of the appliance.
      chain input {
        type filter hook input priority filter; policy accept;
    %6$s
        iifname %2$s counter drop
      }
      chain arriving {
        type nat hook prerouting priority dstnat; policy accept;
    %4$s
      }
      chain leaving {
        type nat hook postrouting priority srcnat; policy accept;
    %5$s
      }
    }
    """
        .formatted(
            site.uplink(),
            cards,
            lines(site.networks().stream().map(network -> toOutside(site, network)).toList()),
            lines(site.rules().stream().map(rule -> Optional.of(arriving(rule))).toList()),
            lines(site.networks().stream().map(network -> leaving(site, network)).toList()),
            lines(site.networks().stream().map(network -> Optional.of(seen(network))).toList()));
  }

  private static Optional<String> toOutside(FullSite site, Network network) {
    return network
        .source()
        .map(
            _ ->
                "iifname \"%s\" ip saddr %s oifname \"%s\" accept"
                    .formatted(network.card(), network.network(), site.uplink()));
  }

  private static String seen(Network network) {
    return "iifname \"%s\" ip daddr %s icmp type echo-request accept"
        .formatted(network.card(), network.gateway());
  }

  private static String arriving(PublicRule rule) {
    return "ip daddr %s %s dport %d dnat ip to %s:%d"
        .formatted(
            rule.address(),
            rule.protocol().word(),
            rule.port(),
            rule.replica(),
            rule.replicaPort());
  }

  /**
   * A replica that asks for a public address of its own network is answered by way of the appliance
   * too, which it asked; from the other replica itself it would not take the answer.
   */
  private static Optional<String> leaving(FullSite site, Network network) {
    String among =
        "ct status dnat ip saddr %s oifname \"%s\" masquerade"
            .formatted(network.network(), network.card());
    return Optional.of(
        network
            .source()
            .map(
                source ->
                    "ip saddr %s oifname \"%s\" snat ip to %s\n    %s"
                        .formatted(network.network(), site.uplink(), source, among))
            .orElse(among));
  }

  private static String lines(List<Optional<String>> rules) {
    return rules.stream()
        .flatMap(Optional::stream)
        .map(rule -> "    " + rule)
        .collect(Collectors.joining("\n"));
  }
}
