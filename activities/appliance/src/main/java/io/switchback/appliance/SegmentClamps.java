package io.switchback.appliance;

/**
 * The packet filter's rules by which connections agree on segments that fit the way of a tunnel.
 * Where a router drops what is too large and says nothing of it, a connection would stand still at
 * its first full packet otherwise.
 */
final class SegmentClamps {
  private SegmentClamps() {}

  /** Chains for the tunnel's own table; none where the way is not known. */
  static String of(TunnelEnd.Production end) {
    return end.path().map(path -> chains(end.tunnel(), path)).orElse("");
  }

  /**
   * Both hosts of a connection within the tunnel say in their first packet what they can take, and
   * both packets pass here. Of the connection outside, one leaves here and the other arrives.
   */
  private static String chains(Tunnel tunnel, TunnelPath path) {
    return """
    chain clamp_inner {
      type filter hook forward priority mangle; policy accept;
      iifname "swb%1$d" tcp flags syn tcp option maxseg size set %2$d
      oifname "swb%1$d" tcp flags syn tcp option maxseg size set %2$d
    }
    chain clamp_sent {
      type filter hook output priority mangle; policy accept;
      %3$s daddr %4$s tcp dport %5$d tcp flags syn tcp option maxseg size set %6$d
    }
    chain clamp_received {
      type filter hook input priority mangle; policy accept;
      %3$s saddr %4$s tcp sport %5$d tcp flags & (syn | ack) == syn | ack tcp option maxseg size set %6$d
    }
    """
        .formatted(
            tunnel.number(),
            path.innerSegmentBytes(),
            path.isIpv6() ? "ip6" : "ip",
            path.door().address().getHostAddress(),
            path.door().port(),
            path.outerSegmentBytes());
  }
}
