package io.switchback.appliance;

import io.switchback.port.NetworkExtensionActivities.Side;
import java.util.List;

/**
 * Which end of which tunnel is meant.
 *
 * @param card as in {@link TunnelEnd#card()}
 * @param addresses that may have been opened in it; the appliance adds those that it knows of
 * @param revision grows with every change that is asked for; an appliance refuses lower ones than
 *     it has seen
 */
public record EndReference(
    Tunnel tunnel, Side side, String card, List<String> addresses, long revision) {
  public EndReference {
    addresses = List.copyOf(addresses);
    EndMistakes.common(card, addresses)
        .unless(revision >= 1, "the revision must be at least 1")
        .refuse("end of a tunnel");
  }

  /** The end that {@code end} describes. */
  public static EndReference of(TunnelEnd end, long revision) {
    Side side =
        switch (end) {
          case TunnelEnd.Recovery _ -> Side.RECOVERY;
          case TunnelEnd.Production _ -> Side.PRODUCTION;
        };
    return new EndReference(end.tunnel(), side, end.card(), end.addresses(), revision);
  }
}
