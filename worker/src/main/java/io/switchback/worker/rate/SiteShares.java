package io.switchback.worker.rate;

import io.switchback.delta.RateLimit;
import io.switchback.delta.RateLimits;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the rate of a site over all workers that serve it: each takes an equal part, and looks all
 * the time how many they are.
 *
 * <p>While Temporal does not answer, everybody keeps the part that it had. Where Temporal cannot
 * tell who serves a site, the rate is each worker's own, and the log says so.
 */
public final class SiteShares implements AutoCloseable {
  /** Between two looks, and between two signs of life that a worker gives. */
  public static final Duration LOOK = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(SiteShares.class);

  private final RateLimits limits;
  private final List<Site> sites;
  private final SiteWorkers workers;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private boolean isTold;

  private static final class Site {
    private final SiteRoll roll;
    private volatile SiteShare share;
    private boolean isAway;

    Site(SiteRoll roll, SiteShare share) {
      this.roll = roll;
      this.share = share;
    }
  }

  /**
   * @param limits of this worker, whose shares are set
   * @param served sites that this worker serves
   * @param self identity of this worker, which no other has
   */
  public SiteShares(RateLimits limits, List<String> served, SiteWorkers workers, String self) {
    this.limits = limits;
    this.workers = workers;
    // Before anybody knows of this worker the others take all there is.
    long rate = RateLimit.LEAST_BYTES_PER_SECOND;
    this.sites =
        limits.perSite().isEmpty()
            ? List.of()
            : served.stream()
                .map(site -> new Site(new SiteRoll(self), new SiteShare(site, 0, rate, 0)))
                .toList();
    sites.forEach(site -> limits.share(site.share.site(), rate));
  }

  /** Begins to look, if there is a rate to share. */
  public void start() {
    if (!sites.isEmpty()) {
      Thread.ofPlatform().daemon().name("site-shares").start(this::lookUntilStopped);
    }
  }

  private void lookUntilStopped() {
    try {
      do {
        look();
      } while (!stopped.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks at each site once. */
  void look() {
    for (Site site : sites) {
      try {
        look(site);
        site.isAway = false;
      } catch (RuntimeException away) {
        if (stopped.getCount() > 0) {
          keep(site, away);
        }
      }
    }
  }

  private static void keep(Site site, RuntimeException away) {
    SiteShare kept = site.share;
    site.share =
        new SiteShare(kept.site(), kept.workers(), kept.bytesPerSecond(), kept.failedLooks() + 1);
    if (!site.isAway) {
      LOG.warn(
          "Temporal does not say who shares the rate of a site: this worker keeps its part, site={} bytesPerSecond={} because={}",
          kept.site(),
          kept.bytesPerSecond(),
          away.getMessage());
    }
    site.isAway = true;
  }

  private void look(Site site) {
    long rate = limits.perSite().orElseThrow();
    SiteShare before = site.share;
    if (!isTold && before.workers() == 0) {
      isTold = workers.isTold();
      if (!isTold) {
        LOG.warn(
            "Temporal does not tell who serves a site, so the rate is this worker's own: switch its worker heartbeats on, or divide --site-rate by hand, site={} bytesPerSecond={}",
            before.site(),
            rate);
        take(site, 1, rate);
        return;
      }
    }
    if (isTold) {
      OptionalInt sharing = site.roll.look(workers.heard(before.site()));
      if (sharing.isPresent()) {
        int count = sharing.getAsInt();
        take(site, count, Math.max(rate / count, RateLimit.LEAST_BYTES_PER_SECOND));
      }
    }
  }

  private void take(Site site, int count, long bytesPerSecond) {
    SiteShare before = site.share;
    if (before.workers() == count) {
      return;
    }
    limits.share(before.site(), bytesPerSecond);
    site.share = new SiteShare(before.site(), count, bytesPerSecond, before.failedLooks());
    LOG.info(
        "takes its part of a site's rate, site={} workers={} bytesPerSecond={}",
        before.site(),
        count,
        bytesPerSecond);
  }

  /** What this worker may take now, of each site that it serves; nothing without a rate. */
  public List<SiteShare> now() {
    return sites.stream().map(site -> site.share).toList();
  }

  /** Looks no more; the parts stay as they are. */
  @Override
  public void close() {
    stopped.countDown();
  }
}
