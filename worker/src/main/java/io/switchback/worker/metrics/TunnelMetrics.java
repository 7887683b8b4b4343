package io.switchback.worker.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.switchback.appliance.TunnelBook.TunnelFigures;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Locale;

/** What this worker has seen of tunnels, as Prometheus reads it. */
final class TunnelMetrics {
  private TunnelMetrics() {}

  static String of(List<TunnelFigures> tunnels) {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    tunnels.forEach(tunnel -> add(tunnel, meters));
    try {
      return meters.scrape();
    } finally {
      // A counter holds what it counts weakly.
      Reference.reachabilityFence(tunnels);
    }
  }

  private static void add(TunnelFigures end, PrometheusMeterRegistry meters) {
    Tags tags =
        Tags.of(
            "pair",
            String.valueOf(end.pair()),
            "network",
            end.network(),
            "site",
            end.site(),
            "side",
            end.side().name().toLowerCase(Locale.ROOT));
    Gauge.builder("switchback.tunnel.running", () -> end.running() ? 1 : 0)
        .description("Whether the tunnel's OpenVPN ran at that end.")
        .tags(tags)
        .register(meters);
    FunctionCounter.builder("switchback.tunnel.pings", end, TunnelFigures::asked)
        .description("Pings that this worker has sent through the tunnel.")
        .tags(tags)
        .register(meters);
    FunctionCounter.builder("switchback.tunnel.answers", end, TunnelFigures::answered)
        .description("How many of them the other end has answered.")
        .tags(tags)
        .register(meters);
    if (!end.roundTrip().isZero()) {
      Gauge.builder("switchback.tunnel.round.trip.seconds", () -> end.roundTrip().toNanos() / 1e9)
          .description("Round trip through the tunnel; absent while nothing is answered.")
          .tags(tags)
          .register(meters);
    }
  }
}
