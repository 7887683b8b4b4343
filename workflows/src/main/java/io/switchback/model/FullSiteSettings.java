package io.switchback.model;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a recovery site's appliance is the gateway of networks whose production is lost.
 *
 * @param uplink its network card to the outside
 * @param gateway where traffic to the outside goes next; an IPv4 address
 * @param sources the public address that VMs of a recovery network have outside, by its name; those
 *     of others do not get there
 * @param publish what is reached from outside
 */
public record FullSiteSettings(
    String uplink, String gateway, Map<String, String> sources, List<Published> publish) {
  public FullSiteSettings {
    sources = sources == null ? Map.of() : Map.copyOf(sources);
    publish = publish == null ? List.of() : List.copyOf(publish);
    Mistakes mistakes =
        new Mistakes()
            .required(uplink, "uplink")
            .unless(NetworkExtent.isAddress(gateway), "gateway must be an IPv4 address");
    sources.forEach(
        (network, address) ->
            mistakes.unless(
                NetworkExtent.isAddress(address),
                "the public address '%s' of network '%s' is no IPv4 address"
                    .formatted(address, network)));
    Set<String> seen = new HashSet<>();
    for (Published one : publish) {
      mistakes.unless(
          seen.add("%s %s:%d".formatted(one.protocol(), one.address(), one.port())),
          "%s port %d of %s is published twice"
              .formatted(one.protocol(), one.port(), one.address()));
    }
    mistakes.refuse("full site");
  }

  /** Which kind of port. */
  public enum Protocol {
    TCP,
    UDP
  }

  /**
   * A port of a public address, and where connections to it go.
   *
   * @param protocol absent: TCP
   * @param address public
   * @param replica address of the replica
   * @param replicaPort absent: the same port
   */
  public record Published(
      Protocol protocol, String address, int port, String replica, int replicaPort) {
    public Published {
      protocol = protocol == null ? Protocol.TCP : protocol;
      replicaPort = replicaPort == 0 ? port : replicaPort;
      new Mistakes()
          .unless(NetworkExtent.isAddress(address), "address must be an IPv4 address")
          .unless(NetworkExtent.isAddress(replica), "replica must be an IPv4 address")
          .unless(port > 0 && port < 65_536, "port must be 1 to 65535")
          .unless(replicaPort > 0 && replicaPort < 65_536, "replicaPort must be 1 to 65535")
          .refuse("published port");
    }
  }
}
