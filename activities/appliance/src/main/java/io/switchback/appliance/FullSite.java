package io.switchback.appliance;

import io.switchback.model.Mistakes;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the provider's appliance does when all of a tenant's VMs have failed over and production is
 * gone: it is the default gateway of each network, and the way to the outside and back.
 *
 * @param uplink its network card to the outside, with an address of its own there
 * @param uplinkGateway where replicas' traffic to the outside goes next
 * @param networks of the tenant, each at a card of its own
 * @param rules what is reached from outside
 */
public record FullSite(
    String uplink, String uplinkGateway, List<Network> networks, List<PublicRule> rules) {
  private static final String CARD = "[A-Za-z0-9][A-Za-z0-9._-]{0,14}";

  public FullSite {
    networks = List.copyOf(networks);
    rules = List.copyOf(rules);
    Mistakes mistakes =
        new Mistakes()
            .unless(uplink.matches(CARD), "the uplink must be named as its system names it")
            .unless(
                Subnet.isAddress(uplinkGateway),
                "the uplink's gateway '%s' is no IPv4 address".formatted(uplinkGateway))
            .unless(!networks.isEmpty(), "there is no network");
    Set<String> cards = new HashSet<>(Set.of(uplink));
    for (int index = 0; index < networks.size(); index++) {
      Network network = networks.get(index);
      mistakes.unless(
          cards.add(network.card()), "the card '%s' is there twice".formatted(network.card()));
      networks.subList(0, index).stream()
          .filter(network::overlaps)
          .forEach(
              other ->
                  mistakes.add(
                      "the networks %s and %s overlap"
                          .formatted(other.network(), network.network())));
    }
    Set<String> published = new HashSet<>();
    for (PublicRule rule : rules) {
      mistakes
          .unless(
              published.add("%s %s:%d".formatted(rule.protocol(), rule.address(), rule.port())),
              "%s port %d of %s is there twice"
                  .formatted(rule.protocol(), rule.port(), rule.address()))
          .unless(
              networks.stream().anyMatch(network -> network.contains(rule.replica())),
              "the replica's address %s is in none of the networks".formatted(rule.replica()));
    }
    mistakes.refuse("full-site mode");
  }

  /** Which kind of port. */
  public enum Protocol {
    TCP,
    UDP;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A network of the tenant.
   *
   * @param card the appliance's, on the recovery network; it carries no address
   * @param network such as 192.168.10.0/24
   * @param gateway its default gateway's address, which the appliance takes
   * @param source the public address that its VMs have outside; empty where they do not get there
   */
  public record Network(String card, String network, String gateway, Optional<String> source) {
    public Network {
      Mistakes mistakes =
          new Mistakes()
              .unless(card.matches(CARD), "the network card must be named as its system names it");
      try {
        mistakes.unless(
            Subnet.isAddress(gateway) && Subnet.parse(network).contains(gateway),
            "the gateway '%s' is not in %s".formatted(gateway, network));
      } catch (IllegalArgumentException none) {
        mistakes.add(String.valueOf(none.getMessage()));
      }
      source
          .filter(address -> !Subnet.isAddress(address))
          .ifPresent(address -> mistakes.add("'%s' is no IPv4 address".formatted(address)));
      mistakes.refuse("network of the full-site mode");
    }

    boolean contains(String address) {
      return Subnet.isAddress(address) && Subnet.parse(network).contains(address);
    }

    private boolean overlaps(Network other) {
      // Of two subnets one is within the other, or they have nothing in common.
      return contains(other.gateway()) || other.contains(gateway);
    }

    /** As the appliance's card carries it. */
    String cardAddress() {
      return "%s %s/%d".formatted(card, gateway, Subnet.parse(network).prefix());
    }
  }

  /**
   * What is reached from outside.
   *
   * @param address public
   * @param replica where connections to it go, at {@code replicaPort}
   */
  public record PublicRule(
      Protocol protocol, String address, int port, String replica, int replicaPort) {
    public PublicRule {
      new Mistakes()
          .unless(Subnet.isAddress(address), "'%s' is no IPv4 address".formatted(address))
          .unless(Subnet.isAddress(replica), "'%s' is no IPv4 address".formatted(replica))
          .unless(port > 0 && port < 65_536, "the port must be 1 to 65535")
          .unless(replicaPort > 0 && replicaPort < 65_536, "the replica's port must be 1 to 65535")
          .refuse("public address rule");
    }
  }

  /** Every address that the uplink must have. */
  Set<String> publicAddresses() {
    return Stream.concat(
            networks.stream().flatMap(network -> network.source().stream()),
            rules.stream().map(PublicRule::address))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
