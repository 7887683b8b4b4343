package io.switchback.bench.network;

import io.switchback.appliance.lab.RunningLab;

/**
 * OpenVPN with the options and certificates of a tunnel of Switchback's, and nothing else of it:
 * from appliance to appliance past the gateway, the main routing table, no rules, no filter.
 */
final class PlainTunnel implements AutoCloseable {
  private static final int PORT = 1195;

  private final RunningLab lab;

  private PlainTunnel(RunningLab lab) {
    this.lab = lab;
  }

  /** Copies what a tunnel that stands was started with; it may be torn down afterwards. */
  static PlainTunnel like(RunningLab lab, String tunnel) {
    String edit =
        """
        set -e
        from=/var/lib/switchback/tunnels/%1$s
        rm -rf /run/plain && mkdir /run/plain && cp $from/*.pem /run/plain
        sed -e "s|$from|/run/plain|; s|^dev .*|dev plain0|; s|^daemon .*|daemon plain|" \\
          -e 's|^port .*|port %2$d|; s|^remote 127.*|remote %3$s %2$d|' $from/openvpn.conf >/run/plain/openvpn.conf
        """
            .formatted(tunnel, PORT, lab.fact("provider.address"));
    lab.in("provider", edit);
    lab.in("tenant", edit);
    return new PlainTunnel(lab);
  }

  /** Starts it; production's VM must be off and the replica on. */
  void open() {
    String address = lab.fact("replica.address");
    start("provider", "169.254.99.2");
    start("tenant", "169.254.99.1");
    lab.in(
        "provider",
        """
        ip route add %s dev recovery
        ip route add %s via 169.254.99.1 dev plain0
        """
            .formatted(address, lab.fact("production.network")));
    lab.in("tenant", "ip route add %s via 169.254.99.2 dev plain0".formatted(address));
    lab.in("tenant", "until ping -n -q -c 1 -W 1 169.254.99.2 >/dev/null; do sleep 0.1; done");
    lab.in("vm1", "ip neigh flush dev eth0");
  }

  private void start(String appliance, String own) {
    lab.in(
        appliance,
        """
        set -e
        ip tuntap add dev plain0 mode tap user nobody
        ip address add %1$s/30 dev plain0
        ip link set plain0 up
        for card in plain0 %2$s; do
          echo 1 >/proc/sys/net/ipv4/conf/$card/forwarding
          echo 2 >/proc/sys/net/ipv4/conf/$card/rp_filter
        done
        echo 1 >/proc/sys/net/ipv4/conf/%2$s/proxy_arp
        echo 0 >/proc/sys/net/ipv4/neigh/%2$s/proxy_delay
        openvpn --config /run/plain/openvpn.conf
        """
            .formatted(own, lab.fact(appliance + ".card")));
  }

  @Override
  public void close() {
    for (String appliance : new String[] {"tenant", "provider"}) {
      lab.in(
          appliance,
          """
          pkill -x openvpn
          while pgrep -x openvpn; do sleep 0.05; done
          ip link delete plain0
          ip route del %1$s dev recovery 2>/dev/null
          echo 0 >/proc/sys/net/ipv4/conf/%2$s/proxy_arp
          echo 0 >/proc/sys/net/ipv4/conf/%2$s/forwarding
          rm -rf /run/plain
          """
              .formatted(lab.fact("replica.address"), lab.fact(appliance + ".card")));
    }
  }
}
