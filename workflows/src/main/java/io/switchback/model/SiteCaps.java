package io.switchback.model;

import java.util.Map;

/**
 * How much may happen at a site at once, over all runs and workers. Every field may be absent.
 *
 * @param starting VMs from power-on until the guest is ready; 10
 * @param startingPerHost tighter limits, by host or resource pool that the replica stands on
 * @param startingPerDatastore tighter limits, by datastore that the replica stands on
 */
public record SiteCaps(
    Integer starting,
    Map<String, Integer> startingPerHost,
    Map<String, Integer> startingPerDatastore) {
  /** Every default. */
  public static final SiteCaps DEFAULT = new SiteCaps(10, Map.of(), Map.of());

  public SiteCaps {
    starting = starting == null ? 10 : starting;
    startingPerHost = startingPerHost == null ? Map.of() : Map.copyOf(startingPerHost);
    startingPerDatastore =
        startingPerDatastore == null ? Map.of() : Map.copyOf(startingPerDatastore);
    Mistakes mistakes = new Mistakes().unless(starting >= 1, "starting must be at least 1");
    refuseBelowOne(mistakes, "startingPerHost", startingPerHost);
    refuseBelowOne(mistakes, "startingPerDatastore", startingPerDatastore);
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
