package io.switchback.appliance;

import io.switchback.model.Mistakes;
import java.util.List;
import java.util.Optional;

/** What one end of a tunnel shall be like. */
public sealed interface TunnelEnd {
  /** The tunnel that it is an end of. */
  Tunnel tunnel();

  /** The appliance's network card towards the VMs. */
  String card();

  TunnelIdentity identity();

  /** The addresses of replicas for which traffic is let through; may be none. */
  List<String> addresses();

  /**
   * The end at the recovery site, on the provider's appliance: an OpenVPN server, and answers on
   * the recovery network for whatever production's network has.
   *
   * @param card carries no address but 169.254.0.1, and belongs to this tunnel alone
   * @param port that OpenVPN listens at
   */
  record Recovery(
      Tunnel tunnel, String card, TunnelIdentity identity, List<String> addresses, int port)
      implements TunnelEnd {
    public Recovery {
      addresses = List.copyOf(addresses);
      EndMistakes.common(card, addresses)
          .unless(port > 0 && port < 65_536, "port must be 1 to 65535")
          .refuse("recovery end of a tunnel");
    }
  }

  /**
   * The end at production, on the tenant's appliance: an OpenVPN client, and answers on
   * production's network for each replica.
   *
   * @param card on production's network, with an address of the appliance's own
   * @param network production's, such as 192.168.10.0/24
   * @param gateway the network's default gateway; empty where it has none
   * @param remoteHost where the other end, or the way to it, is reached
   * @param path what carries the tunnel, to which segments are clamped; empty where that is not
   *     known
   */
  record Production(
      Tunnel tunnel,
      String card,
      TunnelIdentity identity,
      List<String> addresses,
      String network,
      String gateway,
      String remoteHost,
      int remotePort,
      Optional<TunnelPath> path)
      implements TunnelEnd {
    /** One of whose way nothing is known. */
    public Production(
        Tunnel tunnel,
        String card,
        TunnelIdentity identity,
        List<String> addresses,
        String network,
        String gateway,
        String remoteHost,
        int remotePort) {
      this(
          tunnel,
          card,
          identity,
          addresses,
          network,
          gateway,
          remoteHost,
          remotePort,
          Optional.empty());
    }

    public Production {
      addresses = List.copyOf(addresses);
      Mistakes mistakes = EndMistakes.common(card, addresses);
      try {
        Subnet subnet = Subnet.parse(network);
        addresses.stream()
            .filter(address -> Subnet.isAddress(address) && !subnet.contains(address))
            .forEach(address -> mistakes.add("%s is not in %s".formatted(address, network)));
        mistakes.unless(
            gateway.isEmpty() || (Subnet.isAddress(gateway) && subnet.contains(gateway)),
            "the gateway '%s' is not in %s".formatted(gateway, network));
      } catch (IllegalArgumentException none) {
        mistakes.add(String.valueOf(none.getMessage()));
      }
      mistakes
          .unless(!addresses.contains(gateway), "no replica may have the gateway's address")
          .unless(
              remoteHost.matches("[A-Za-z0-9][A-Za-z0-9.-]{0,252}"),
              "the remote host must be an address or a name")
          .unless(remotePort > 0 && remotePort < 65_536, "the remote port must be 1 to 65535")
          .refuse("production end of a tunnel");
    }
  }
}
