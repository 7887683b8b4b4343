package io.switchback.worker.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.switchback.delta.TransferBook;
import io.switchback.delta.TransferFigures;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What this worker's transfers move, as Prometheus reads it; made anew for each reading. */
final class TransferMetrics {
  private TransferMetrics() {}

  static String of(TransferBook book) {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Map<TransferBook.Sites, TransferFigures> totals = book.totals();
    List<TransferBook.Running> running = book.running();
    totals.forEach((sites, figures) -> add(tags(sites), figures, meters));
    running.forEach(one -> add(one, meters));
    try {
      return meters.scrape();
    } finally {
      // A counter holds what it counts weakly.
      Reference.reachabilityFence(totals);
      Reference.reachabilityFence(running);
    }
  }

  private static Tags tags(TransferBook.Sites sites) {
    return Tags.of("from", sites.from(), "to", sites.to());
  }

  private static void add(Tags tags, TransferFigures figures, PrometheusMeterRegistry meters) {
    count("read", "Bytes read from disks.", figures, TransferFigures::readBytes, tags, meters);
    count(
        "compared",
        "Bytes of disks compared by digests.",
        figures,
        TransferFigures::comparedBytes,
        tags,
        meters);
    count(
        "digest",
        "Digests answered for that.",
        figures,
        TransferFigures::digestBytes,
        tags,
        meters);
    count(
        "sent",
        "Bytes between the sites, compressed.",
        figures,
        TransferFigures::travelledBytes,
        tags,
        meters);
    count(
        "written",
        "Bytes written to disks: no holes, no zeros.",
        figures,
        TransferFigures::sentBytes,
        tags,
        meters);
    Gauge.builder("switchback.transfer.digest.ratio", figures, TransferFigures::digestRatio)
        .description("Bytes of digests per byte that they compared.")
        .tags(tags)
        .register(meters);
  }

  private static void count(
      String what,
      String description,
      TransferFigures figures,
      ToDoubleFunction<TransferFigures> number,
      Tags tags,
      PrometheusMeterRegistry meters) {
    FunctionCounter.builder("switchback.transfer.%s.bytes".formatted(what), figures, number)
        .description(description)
        .tags(tags)
        .register(meters);
  }

  private static void add(TransferBook.Running one, PrometheusMeterRegistry meters) {
    Tags tags = tags(one.sites()).and("vm", one.vm(), "disk", one.disk());
    Gauge.builder(
            "switchback.transfer.rate",
            one,
            now -> (double) now.progress().outlook().bytesPerSecond())
        .description("Bytes per second of the disk that a running transfer deals with.")
        .tags(tags)
        .register(meters);
    Gauge.builder("switchback.transfer.percent", one, now -> now.progress().outlook().percent())
        .description("How far a running transfer is.")
        .tags(tags)
        .register(meters);
    Gauge.builder(
            "switchback.transfer.read.ahead.bytes",
            one,
            now -> (double) now.progress().figures().aheadBytes())
        .description("Bytes that a running transfer asks for before it needs them.")
        .tags(tags)
        .register(meters);
    Gauge.builder(
            "switchback.transfer.under.way.bytes",
            one,
            now -> (double) now.progress().figures().underWayBytes())
        .description("Bytes that a running transfer may read of this machine's devices at once.")
        .tags(tags)
        .register(meters);
  }
}
