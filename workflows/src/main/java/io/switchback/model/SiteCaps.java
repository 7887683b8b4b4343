package io.switchback.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much may happen at a site at once, over all runs and workers. Every field may be absent.
 *
 * @param starting VMs from power-on until the guest is ready; 10
 * @param transfers replication cycles that copy to the site; null for no limit
 * @param startingPerHost tighter limits, by host or resource pool
 * @param transfersPerDatastore tighter limits, by datastore that is written to
 */
public record SiteCaps(
    Integer starting,
    @Nullable Integer transfers,
    Map<String, Integer> startingPerHost,
    Map<String, Integer> transfersPerDatastore) {
  /** Every default. */
  public static final SiteCaps DEFAULT = new SiteCaps(10, null, Map.of(), Map.of());

  public SiteCaps {
    starting = starting == null ? 10 : starting;
    startingPerHost = startingPerHost == null ? Map.of() : Map.copyOf(startingPerHost);
    transfersPerDatastore =
        transfersPerDatastore == null ? Map.of() : Map.copyOf(transfersPerDatastore);
    Mistakes mistakes =
        new Mistakes()
            .unless(starting >= 1, "starting must be at least 1")
            .unless(transfers == null || transfers >= 1, "transfers must be at least 1");
    refuseBelowOne(mistakes, "startingPerHost", startingPerHost);
    refuseBelowOne(mistakes, "transfersPerDatastore", transfersPerDatastore);
    mistakes.refuse("caps");
  }

  private static void refuseBelowOne(Mistakes mistakes, String field, Map<String, Integer> caps) {
    caps.forEach(
        (place, atMost) ->
            mistakes
                .unless(!place.isBlank(), field + " names nothing")
                .unless(atMost >= 1, field + " of '" + place + "' must be at least 1"));
  }
}
