package io.switchback.model;

import java.util.Map;

/**
 * How much may happen at a site at once, over all runs and workers. Every field may be absent.
 *
 * @param starting VMs from power-on until the guest is ready; 10
 * @param startingPerHost tighter limits, by host or resource pool that the replica stands on
 * @param startingPerDatastore tighter limits, by datastore that the replica stands on
 * @param transferring replicas there that blocks are sent to; 10
 * @param transferringPerHost tighter limits, by host or resource pool that the replica stands on
 * @param transferringPerDatastore tighter limits, by datastore that the replica stands on
 */
public record SiteCaps(
    Integer starting,
    Map<String, Integer> startingPerHost,
    Map<String, Integer> startingPerDatastore,
    Integer transferring,
    Map<String, Integer> transferringPerHost,
    Map<String, Integer> transferringPerDatastore) {
  private static final int AT_ONCE = 10;

  /** Every default. */
  public static final SiteCaps DEFAULT =
      new SiteCaps(AT_ONCE, Map.of(), Map.of(), AT_ONCE, Map.of(), Map.of());

  public SiteCaps {
    starting = starting == null ? AT_ONCE : starting;
    startingPerHost = startingPerHost == null ? Map.of() : Map.copyOf(startingPerHost);
    startingPerDatastore =
        startingPerDatastore == null ? Map.of() : Map.copyOf(startingPerDatastore);
    transferring = transferring == null ? AT_ONCE : transferring;
    transferringPerHost = transferringPerHost == null ? Map.of() : Map.copyOf(transferringPerHost);
    transferringPerDatastore =
        transferringPerDatastore == null ? Map.of() : Map.copyOf(transferringPerDatastore);
    Mistakes mistakes =
        new Mistakes()
            .unless(starting >= 1, "starting must be at least 1")
            .unless(transferring >= 1, "transferring must be at least 1");
    refuseBelowOne(mistakes, "startingPerHost", startingPerHost);
    refuseBelowOne(mistakes, "startingPerDatastore", startingPerDatastore);
    refuseBelowOne(mistakes, "transferringPerHost", transferringPerHost);
    refuseBelowOne(mistakes, "transferringPerDatastore", transferringPerDatastore);
    mistakes.refuse("caps");
  }

  /** Limits for starting VMs, and the default for transfers. */
  public SiteCaps(
      Integer starting,
      Map<String, Integer> startingPerHost,
      Map<String, Integer> startingPerDatastore) {
    this(starting, startingPerHost, startingPerDatastore, AT_ONCE, Map.of(), Map.of());
  }

  private static void refuseBelowOne(Mistakes mistakes, String field, Map<String, Integer> caps) {
    caps.forEach(
        (place, atMost) ->
            mistakes
                .unless(!place.isBlank(), field + " names nothing")
                .unless(atMost >= 1, field + " of '" + place + "' must be at least 1"));
  }
}
