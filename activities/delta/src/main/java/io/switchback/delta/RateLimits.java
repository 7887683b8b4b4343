package io.switchback.delta;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** The rate limits of one worker: for each transfer, and for all of a site's together. */
public final class RateLimits {
  private final OptionalLong perTransfer;
  private final OptionalLong perSite;
  private final Map<String, RateLimit> sites = new ConcurrentHashMap<>();

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

  /**
   * The limits of one transfer.
   *
   * @param site whose disk is read: its line out is the scarce one
   */
  public List<RateLimit> of(String site) {
    List<RateLimit> limits = new ArrayList<>();
    perTransfer.ifPresent(rate -> limits.add(new RateLimit(rate)));
    perSite.ifPresent(rate -> limits.add(sites.computeIfAbsent(site, _ -> new RateLimit(rate))));
    return limits;
  }
}
