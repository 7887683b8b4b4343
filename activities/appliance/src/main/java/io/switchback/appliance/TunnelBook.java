package io.switchback.appliance;

import io.switchback.model.NetworkPair;
import io.switchback.port.NetworkExtensionActivities.EndView;
import io.switchback.port.NetworkExtensionActivities.Side;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What this worker has seen of tunnels' ends, for whoever measures it. */
public final class TunnelBook {
  /** Another worker looks at it now, or nobody does. */
  private static final Duration OLD = Duration.ofMinutes(2);

  private final InstantSource clock;
  private final Map<Key, TunnelFigures> ends = new ConcurrentHashMap<>();

  private record Key(int pair, Side side) {}

  /**
   * One end of a tunnel.
   *
   * @param network production's, as it is called there
   * @param site of the appliance
   * @param running whether OpenVPN ran when it was looked last
   * @param asked pings sent to the other end since the worker began
   * @param answered how many of them were answered
   * @param roundTrip mean of the last look; zero when nothing was answered
   */
  public record TunnelFigures(
      int pair,
      String network,
      String site,
      Side side,
      boolean running,
      long asked,
      long answered,
      Duration roundTrip,
      Instant at) {
    private TunnelFigures and(TunnelFigures next) {
      return new TunnelFigures(
          next.pair,
          next.network,
          next.site,
          next.side,
          next.running,
          asked + next.asked,
          answered + next.answered,
          next.roundTrip,
          next.at);
    }
  }

  public TunnelBook(InstantSource clock) {
    this.clock = clock;
  }

  void seen(NetworkPair pair, Side side, EndView view) {
    var _ =
        ends.merge(
            new Key(pair.number(), side),
            new TunnelFigures(
                pair.number(),
                pair.productionNetwork(),
                side == Side.RECOVERY ? pair.recoverySite() : pair.productionSite(),
                side,
                view.running(),
                view.asked(),
                view.answered(),
                view.roundTrip(),
                clock.instant()),
            TunnelFigures::and);
  }

  /** Those that this worker has looked at within the last two minutes. */
  public List<TunnelFigures> all() {
    Instant limit = clock.instant().minus(OLD);
    ends.values().removeIf(end -> end.at().isBefore(limit));
    return List.copyOf(ends.values());
  }
}
