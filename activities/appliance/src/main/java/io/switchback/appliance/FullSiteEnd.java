package io.switchback.appliance;

import static java.util.Objects.requireNonNull;

import io.switchback.appliance.FullSite.Network;
import io.switchback.appliance.FullSite.Protocol;
import io.switchback.appliance.FullSite.PublicRule;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.FullSiteGateway;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.FullSiteSettings.Published;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkPair;
import io.switchback.port.NetworkExtensionActivities.Side;
import java.util.List;
import java.util.Optional;

/**
 * A pair of networks in full-site mode on its recovery site's appliance. The appliance knows one
 * mode for all its networks, so each pair brings it to what all of them need together.
 */
final class FullSiteEnd {
  private final FullSiteMode mode;

  FullSiteEnd(FullSiteMode mode) {
    this.mode = mode;
  }

  /** Makes the appliance the gateway of every network that needs it; whether it is of this one. */
  boolean converge(Appliance appliance, NetworkPair pair, Side side) {
    if (side == Side.PRODUCTION) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not change the appliance of site '%s': in full-site mode nothing is asked of production."
              .formatted(pair.productionSite()));
    }
    mode.apply(appliance, site(pair), gateway(pair).revision());
    return isGateway(appliance, pair);
  }

  /** Whether the appliance has the network's gateway address, and lets through what it should. */
  boolean isGateway(Appliance appliance, NetworkPair pair) {
    NetworkExtent extent = pair.extent();
    List<String> present = mode.look(appliance);
    String card = extent.recoveryCard();
    String address =
        "interface %s %s/%d"
            .formatted(card, extent.gateway(), Subnet.parse(extent.network()).prefix());
    return present.contains(address)
        && present.stream().anyMatch(line -> line.startsWith("filter "))
        && present.stream().anyMatch(line -> line.startsWith("route default"))
        && present.stream()
                .filter(line -> line.startsWith("rule ") && line.contains("iif " + card + " "))
                .count()
            >= 2
        && present.contains("setting %s forwarding".formatted(card));
  }

  /** Removes the network from the mode, and with the last one all of it; whether any was there. */
  boolean tearDown(Appliance appliance, NetworkPair pair) {
    boolean isThere = !mode.look(appliance).isEmpty();
    if (gateway(pair).networks().isEmpty()) {
      mode.tearDown(appliance, gateway(pair).revision());
    } else {
      mode.apply(appliance, site(pair), gateway(pair).revision());
    }
    return isThere;
  }

  private static FullSiteGateway gateway(NetworkPair pair) {
    return requireNonNull(pair.fullSite(), "is in full-site mode");
  }

  private static FullSite site(NetworkPair pair) {
    FullSiteGateway gateway = gateway(pair);
    FullSiteSettings settings = gateway.settings();
    if (settings == null) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not make the appliance of site '%s' a gateway: the site no longer says how. Say it under `fullSite` of the site."
              .formatted(pair.recoverySite()));
    }
    List<Network> networks =
        gateway.networks().stream().map(network -> network(network, settings)).toList();
    try {
      return new FullSite(
          settings.uplink(),
          settings.gateway(),
          networks,
          settings.publish().stream()
              .filter(one -> networks.stream().anyMatch(to -> to.contains(one.replica())))
              .map(FullSiteEnd::rule)
              .toList());
    } catch (IllegalArgumentException contradiction) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not make the appliance of site '%s' a gateway: %s. Correct `fullSite` of the site, or `extend` of its networks."
              .formatted(pair.recoverySite(), contradiction.getMessage()),
          contradiction);
    }
  }

  private static Network network(FullSiteGateway.Network network, FullSiteSettings settings) {
    NetworkExtent extent = network.extent();
    return new Network(
        extent.recoveryCard(),
        extent.network(),
        extent.gateway(),
        Optional.ofNullable(settings.sources().get(network.name())));
  }

  private static PublicRule rule(Published published) {
    return new PublicRule(
        Protocol.valueOf(published.protocol().name()),
        published.address(),
        published.port(),
        published.replica(),
        published.replicaPort());
  }
}
