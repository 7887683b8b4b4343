package io.switchback.model;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Two sites of which one recovers the other's VMs, and what production's networks are called there.
 *
 * @param networks at most one mapping for each production network
 */
public record SitePair(String production, String recovery, List<NetworkMapping> networks) {
  public SitePair {
    networks = networks == null ? List.of() : List.copyOf(networks);
    Mistakes mistakes =
        new Mistakes()
            .required(production, "production")
            .required(recovery, "recovery")
            .unless(
                production == null || !production.equals(recovery),
                "a site cannot recover its own VMs");
    Set<String> seen = new HashSet<>();
    Set<String> live = networks.stream().map(NetworkMapping::recovery).collect(Collectors.toSet());
    for (NetworkMapping one : networks) {
      mistakes
          .unless(
              seen.add(one.production()),
              "network '" + one.production() + "' is mapped more than once")
          .unless(
              !live.contains(one.drill()),
              "drill network '"
                  + one.drill()
                  + "' is a recovery network, too: a drill there would not be isolated");
    }
    mistakes.refuse("site pair '" + production + "' → '" + recovery + "'");
  }

  /** The networks at the recovery site that are extended. */
  public List<String> extended() {
    return networks.stream()
        .filter(one -> one.extent() != null)
        .map(NetworkMapping::recovery)
        .toList();
  }

  /** The mapping of a production network. */
  public Optional<NetworkMapping> network(String name) {
    return networks.stream().filter(one -> one.production().equals(name)).findFirst();
  }
}
