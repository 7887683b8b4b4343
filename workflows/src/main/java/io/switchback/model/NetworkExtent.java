package io.switchback.model;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a production network is extended to where its VMs fail over to.
 *
 * @param network production's, such as 192.168.10.0/24; addresses outside of it are not extended
 * @param gateway the network's default gateway; empty where it has none
 * @param productionCard the network card of production's appliance on this network
 * @param recoveryCard the network card of the recovery site's appliance on the recovery network
 * @param remote where production's appliance reaches the other end, or the way to it, {@code
 *     host:port}
 * @param port that the recovery site's appliance listens at for this network
 * @param door whom production's appliance connects to over the network, {@code address:port}: the
 *     cloud gateway; absent: {@code remote}
 */
public record NetworkExtent(
    String network,
    String gateway,
    String productionCard,
    String recoveryCard,
    String remote,
    int port,
    String door) {
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern REMOTE =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,252}:[1-9][0-9]{0,4}");
  private static final Pattern DOOR =
      Pattern.compile("([A-Za-z0-9][A-Za-z0-9.-]{0,252}|\\[[0-9A-Fa-f:.]+]):[1-9][0-9]{0,4}");

  public NetworkExtent {
    gateway = gateway == null ? "" : gateway.strip();
    door = door == null || door.isBlank() ? remote : door.strip();
    new Mistakes()
        .unless(isNetwork(network), "network must be like 192.168.10.0/24")
        .unless(
            gateway.isEmpty() || IPV4.matcher(gateway).matches(), "gateway must be an IPv4 address")
        .required(productionCard, "productionCard")
        .required(recoveryCard, "recoveryCard")
        .unless(
            remote != null && REMOTE.matcher(remote).matches(),
            "remote must be like 127.0.0.1:1194")
        .unless(port > 0 && port < 65_536, "port must be 1 to 65535")
        .unless(door == null || DOOR.matcher(door).matches(), "door must be like 203.0.113.5:443")
        .refuse("extension of a network");
  }

  /** One whose tunnel goes straight to the other end. */
  @SuppressWarnings("NullAway") // an absent door is null on its way to the constructor
  public NetworkExtent(
      String network,
      String gateway,
      String productionCard,
      String recoveryCard,
      String remote,
      int port) {
    this(network, gateway, productionCard, recoveryCard, remote, port, null);
  }

  /** Whether it is an IPv4 address. */
  static boolean isAddress(@Nullable String text) {
    return text != null && IPV4.matcher(text).matches();
  }

  private static boolean isNetwork(String text) {
    if (text == null) {
      return false;
    }
    String[] parts = text.split("/", -1);
    return parts.length == 2
        && IPV4.matcher(parts[0]).matches()
        && parts[1].matches("[1-9]|[12]\\d|30")
        && (bits(parts[0]) & ~mask(parts[1])) == 0;
  }

  /** Whether it is an IPv4 address of the network that a VM could have. */
  public boolean contains(String address) {
    String[] parts = network.split("/", -1);
    int mask = mask(parts[1]);
    return IPV4.matcher(address).matches() && (bits(address) & mask) == bits(parts[0]);
  }

  /** The host of {@link #remote}. */
  public String remoteHost() {
    return remote.substring(0, remote.lastIndexOf(':'));
  }

  /** The port of {@link #remote}. */
  public int remotePort() {
    return Integer.parseInt(remote.substring(remote.lastIndexOf(':') + 1));
  }

  private static int mask(String length) {
    return -1 << (32 - Integer.parseInt(length));
  }

  private static int bits(String address) {
    int bits = 0;
    for (String part : address.split("\\.", -1)) {
      bits = bits << 8 | Integer.parseInt(part);
    }
    return bits;
  }
}
