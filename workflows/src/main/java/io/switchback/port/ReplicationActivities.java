package io.switchback.port;

import io.temporal.activity.ActivityInterface;

/** Steers loops from operations. Runs on the queue {@code switchback}. */
@ActivityInterface
public interface ReplicationActivities {

  /**
   * Wakes the replica's loop {@code replication/<replica id>}, and starts it when it does not run,
   * so that it looks at its hold now. Safe at any time. Milliseconds.
   */
  Done wakeReplication(WakeReplication request);

  /**
   * Starts the loop {@code protection/<rule id>} that looks for VMs which a rule protects, and lets
   * it look now when it runs. Safe at any time. Milliseconds.
   */
  Done watchRule(WatchRule request);

  /** Asks to watch a rule; its words are for the loop's summary. */
  record WatchRule(String ruleId, String words) {}

  /** Asks to wake the loop of the replica; its name is for the loop's summary. */
  record WakeReplication(String replicaId, String vm) {}
}
