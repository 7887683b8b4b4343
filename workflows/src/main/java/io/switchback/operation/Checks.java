package io.switchback.operation;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The checks that a person may override with a name and a reason: each by its name, with what it
 * finds. A new one needs a line here and a call of {@code check} in its operation; inputs, answers,
 * audit and results know it by that.
 */
public final class Checks {
  /** Production answers to an address that the replica would answer to as well. */
  public static final String PRODUCTION_STILL_RUNS = "productionStillRuns";

  /** The replica answers to an address that production would answer to as well. */
  public static final String REPLICA_STILL_RUNS = "replicaStillRuns";

  /** An operation that needs production cannot ask it. */
  public static final String PRODUCTION_UNREACHABLE = "productionUnreachable";

  /**
   * The VM that the data are to go back to is suspended, and what it has in memory would be lost.
   */
  public static final String TARGET_SUSPENDED = "targetSuspended";

  /** The recovery site has too little room for all that is to be started. */
  public static final String NO_ROOM = "noRoom";

  /** The recovery site's appliance, which is to extend networks, is not there. */
  public static final String APPLIANCE_MISSING = "applianceMissing";

  /** The replica was changed by hand since replication wrote it last. */
  public static final String DRIFT = "drift";

  /** Somebody on production's network answers to an address of the replica, as ARP has found it. */
  public static final String ADDRESS_TAKEN = "addressTaken";

  /** Every check. */
  public static final List<Known> ALL =
      List.of(
          new Known(
              PRODUCTION_STILL_RUNS,
              "production, or what a failback has replaced, is on, on a connected network, and answers to an address of the VM that is about to start, or nobody knows whether it does"),
          new Known(
              REPLICA_STILL_RUNS,
              "production is about to start, and the replica is on, on a connected network, and answers to an address of it, or nobody knows whether it does"),
          new Known(
              PRODUCTION_UNREACHABLE,
              "the operation has something to do at production, and production does not answer"),
          new Known(
              TARGET_SUSPENDED,
              "a failback is about to power off a VM that is suspended: neither an undo nor a cancellation brings back what it has in memory"),
          new Known(
              NO_ROOM,
              "the recovery site has too few CPUs, too little memory, or a datastore that is full within a day, for all that is to be started together"),
          new Known(
              APPLIANCE_MISSING,
              "the recovery site is to have an appliance that extends networks, and no VM there has its name"),
          new Known(
              DRIFT,
              "somebody has run, reverted or reshaped the replica by hand since replication wrote it last"),
          new Known(
              ADDRESS_TAKEN,
              "a machine on production's network answers to an address of the replica, which the network extension keeps closed therefore"));

  /** Every name. */
  public static final List<String> NAMES = ALL.stream().map(Known::name).toList();

  private Checks() {}

  /**
   * Whether what the check finds may be another thing when it is asked again: then a word that was
   * given to the one is none for the other.
   */
  static boolean changeMeanwhile(String check) {
    return check.equals(PRODUCTION_STILL_RUNS)
        || check.equals(REPLICA_STILL_RUNS)
        || check.equals(ADDRESS_TAKEN);
  }

  /** Every name in a sentence. */
  static String names() {
    return NAMES.stream().collect(Collectors.joining(", "));
  }

  /**
   * A check.
   *
   * @param name in overrides and answers
   * @param failsWhen what it finds, for people
   */
  public record Known(String name, String failsWhen) {}
}
