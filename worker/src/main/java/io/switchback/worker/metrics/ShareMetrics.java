package io.switchback.worker.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.switchback.worker.rate.SiteShare;
import java.lang.ref.Reference;
import java.util.List;

/** What this worker may take of its sites' rates, as Prometheus reads it. */
final class ShareMetrics {
  private ShareMetrics() {}

  static String of(List<SiteShare> shares) {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    shares.forEach(share -> add(share, meters));
    try {
      return meters.scrape();
    } finally {
      // A counter holds what it counts weakly.
      Reference.reachabilityFence(shares);
    }
  }

  private static void add(SiteShare share, PrometheusMeterRegistry meters) {
    Tags tags = Tags.of("site", share.site());
    Gauge.builder("switchback.site.rate.bytes", share, SiteShare::bytesPerSecond)
        .description("This worker's part of the site's rate, in bytes per second.")
        .tags(tags)
        .register(meters);
    Gauge.builder("switchback.site.rate.workers", share, SiteShare::workers)
        .description("Workers that share the site's rate; 0 until that is known.")
        .tags(tags)
        .register(meters);
    FunctionCounter.builder("switchback.site.rate.looks.failed", share, SiteShare::failedLooks)
        .description("How often Temporal did not say who shares the site's rate.")
        .tags(tags)
        .register(meters);
  }
}
