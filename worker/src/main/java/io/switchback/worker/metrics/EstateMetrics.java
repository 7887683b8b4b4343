package io.switchback.worker.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.switchback.model.DatastoreOutlook;
import io.switchback.model.NetworkPair;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.SideState;
import io.switchback.registry.EstateFigures;
import io.switchback.registry.EstateView.NetworkView;
import io.switchback.registry.ReplicationFigures.Figure;
import java.lang.ref.Reference;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The registry's numbers as Prometheus reads them. The meters are made for one reading and thrown
 * away: a VM that is not protected any more has none.
 */
final class EstateMetrics {
  private EstateMetrics() {}

  static String of(EstateFigures figures) {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Gauge.builder("switchback.registry.up", () -> 1).register(meters);
    figures.replicas().forEach(figure -> add(figure, meters));
    figures.room().forEach(store -> add(store, meters));
    figures.networks().forEach(network -> add(network, meters));
    try {
      return meters.scrape();
    } finally {
      // A counter holds what it counts weakly, and one whose figure is gone would read 0.
      Reference.reachabilityFence(figures);
    }
  }

  static String withoutRegistry() {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Gauge.builder("switchback.registry.up", () -> 0).register(meters);
    return meters.scrape();
  }

  private static void add(Figure figure, PrometheusMeterRegistry meters) {
    Tags tags = Tags.of("vm", figure.vm(), "site", figure.site(), "replica", figure.replicaId());
    Duration age = figure.age();
    if (age != null) {
      Gauge.builder("switchback.rpo.seconds", () -> seconds(age))
          .description("Age of the newest restore point.")
          .tags(tags.and("state", figure.state().name()))
          .register(meters);
    }
    Gauge.builder("switchback.rpo.objective.seconds", () -> seconds(figure.objective()))
        .description("How old the newest restore point may become.")
        .tags(tags)
        .register(meters);
    Gauge.builder("switchback.replication.held", () -> figure.held() ? 1 : 0)
        .description("1 while an operation keeps replication on hold.")
        .tags(tags)
        .register(meters);
    FunctionCounter.builder("switchback.restore.points", figure, Figure::points)
        .description("Restore points made.")
        .tags(tags)
        .register(meters);
    FunctionCounter.builder("switchback.replication.sent.bytes", figure, Figure::sentBytes)
        .description("Bytes sent for restore points.")
        .tags(tags)
        .register(meters);
  }

  private static void add(DatastoreOutlook store, PrometheusMeterRegistry meters) {
    Tags tags = Tags.of("site", store.site(), "datastore", store.datastore());
    Gauge.builder("switchback.datastore.free.bytes", store::freeBytes)
        .description("What is free on a recovery site's datastore.")
        .tags(tags)
        .register(meters);
    Duration fullIn = store.fullIn();
    if (fullIn != null) {
      Gauge.builder("switchback.datastore.full.seconds", () -> seconds(fullIn))
          .description("Until the datastore is full, as it fills now; absent while it does not.")
          .tags(tags)
          .register(meters);
    }
  }

  private static void add(NetworkView network, PrometheusMeterRegistry meters) {
    NetworkPair pair = network.pair();
    Tags tags = Tags.of("pair", String.valueOf(pair.number()), "network", pair.productionNetwork());
    Gauge.builder("switchback.network.replicas", () -> pair.members().size())
        .description("Replicas for which the network is extended; 0 while it is being removed.")
        .tags(tags)
        .register(meters);
    side(network.recovery(), tags.and("site", pair.recoverySite(), "side", "recovery"), meters);
    side(
        network.production(),
        tags.and("site", pair.productionSite(), "side", "production"),
        meters);
  }

  private static void side(@Nullable SideState side, Tags tags, PrometheusMeterRegistry meters) {
    if (side != null) {
      Gauge.builder("switchback.network.up", () -> side.condition() == Condition.UP ? 1 : 0)
          .description("Whether that side of the network extension is up.")
          .tags(tags)
          .register(meters);
    }
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
