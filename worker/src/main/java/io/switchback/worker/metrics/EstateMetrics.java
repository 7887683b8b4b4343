package io.switchback.worker.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.switchback.registry.ReplicationFigures.Figure;
import java.time.Duration;
import java.util.List;

/**
 * The registry's numbers as Prometheus reads them. The meters are made for one reading and thrown
 * away: a VM that is not protected any more has none.
 */
final class EstateMetrics {
  private EstateMetrics() {}

  static String of(List<Figure> figures) {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Gauge.builder("switchback.registry.up", () -> 1).register(meters);
    figures.forEach(figure -> add(figure, meters));
    return meters.scrape();
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

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
