package io.switchback.operation;

import java.util.List;

/** Names of the checks that a person may override with a name and a reason. */
public final class Checks {
  /**
   * Production runs on a connected network and answers to an address that the replica would answer
   * to as well.
   */
  public static final String PRODUCTION_STILL_RUNS = "productionStillRuns";

  /** Every name. */
  public static final List<String> NAMES = List.of(PRODUCTION_STILL_RUNS);

  private Checks() {}
}
