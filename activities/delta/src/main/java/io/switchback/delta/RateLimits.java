package io.switchback.delta;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rate limits of one worker: for each transfer, for all from one site together, and of those
 * the ones into another site, whose workers share the rate.
 */
public final class RateLimits {
  private final OptionalLong perTransfer;
  private final OptionalLong perSite;
  private final Map<String, RateLimit> sites = new ConcurrentHashMap<>();
  private final Map<Way, RateLimit> ways = new ConcurrentHashMap<>();
  private final Map<String, Long> shares = new ConcurrentHashMap<>();

  private record Way(String from, String to) {}

  /** In bytes per second, see {@link RateLimit}; nothing where there is no limit. */
  public RateLimits(OptionalLong perTransfer, OptionalLong perSite) {
    this.perTransfer = perTransfer;
    this.perSite = perSite;
    perTransfer.ifPresent(RateLimit::requireSensible);
    perSite.ifPresent(RateLimit::requireSensible);
  }

  public static RateLimits none() {
    return new RateLimits(OptionalLong.empty(), OptionalLong.empty());
  }

  /** What all transfers from one site may take together. */
  public OptionalLong perSite() {
    return perSite;
  }

  /**
   * The limits of one transfer.
   *
   * @param from the site whose disk is read: its line out is the scarce one
   * @param to the site that gets it
   */
  public List<RateLimit> of(String from, String to) {
    List<RateLimit> limits = new ArrayList<>();
    perTransfer.ifPresent(rate -> limits.add(new RateLimit(rate)));
    if (perSite.isPresent()) {
      long rate = perSite.getAsLong();
      limits.add(sites.computeIfAbsent(from, _ -> new RateLimit(rate)));
      synchronized (this) {
        long share = shares.getOrDefault(to, rate);
        limits.add(ways.computeIfAbsent(new Way(from, to), _ -> new RateLimit(share)));
      }
    }
    return limits;
  }

  /**
   * From now on the transfers into a site take no more than this of what each other site may send,
   * also those that run. Until then they take all of it.
   */
  public synchronized void share(String to, long bytesPerSecond) {
    RateLimit.requireSensible(bytesPerSecond);
    shares.put(to, bytesPerSecond);
    ways.forEach(
        (way, limit) -> {
          if (way.to().equals(to)) {
            limit.changeTo(bytesPerSecond);
          }
        });
  }
}
