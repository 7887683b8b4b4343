package io.switchback.appliance;

import io.switchback.appliance.gateway.Endpoint;
import io.switchback.model.Mistakes;
import java.net.Inet6Address;

/**
 * What carries a tunnel: the connection that production's appliance has to the outside.
 *
 * @param door whom it connects to: the cloud gateway, or the other appliance where there is none
 * @param mtuBytes the largest packet that gets there, its own header included; at least 576
 */
public record TunnelPath(Endpoint door, int mtuBytes) {
  /** What every host must be able to receive (RFC 791). */
  static final int SMALLEST_MTU = 576;

  private static final int LARGEST_MTU = 65_535;
  private static final int TCP = 20;
  private static final int TCP_TIMESTAMPS = 12;

  /** Of a record of TLS 1.3 with AES-GCM: its head, the true kind, the tag. */
  private static final int TLS_RECORD = 5 + 1 + 16;

  /** Length, opcode and peer, packet number, tag. */
  private static final int OPENVPN = 2 + 4 + 4 + 16;

  private static final int ETHERNET = 14;
  private static final int IPV4 = 20;
  private static final int IPV6 = 40;

  public TunnelPath {
    new Mistakes()
        .unless(
            mtuBytes >= SMALLEST_MTU && mtuBytes <= LARGEST_MTU,
            "the MTU must be %d to %d bytes".formatted(SMALLEST_MTU, LARGEST_MTU))
        .refuse("path of a tunnel");
  }

  boolean isIpv6() {
    return door.address() instanceof Inet6Address;
  }

  /** The largest segment of the connection itself that needs no smaller packets on its way. */
  int outerSegmentBytes() {
    return mtuBytes - header() - TCP;
  }

  /**
   * The largest segment of a connection within the tunnel that is carried by one packet outside,
   * with all that is put around it.
   */
  int innerSegmentBytes() {
    return outerSegmentBytes() - TCP_TIMESTAMPS - TLS_RECORD - OPENVPN - ETHERNET - IPV4 - TCP;
  }

  private int header() {
    return isIpv6() ? IPV6 : IPV4;
  }
}
