package io.switchback.port;

import io.temporal.activity.ActivityInterface;

/**
 * Steers the loops that look for VMs which a rule protects. Runs on the queue {@code switchback}.
 */
@ActivityInterface
public interface LookoutActivities {
  /**
   * Lets the loop {@code protection/<rule id>} look now, and starts it when it does not run. Safe
   * at any time. Milliseconds.
   */
  Done watchRule(WatchRule request);

  /** Asks to watch a rule; its words are for the loop's summary. */
  record WatchRule(String ruleId, String words) {}
}
