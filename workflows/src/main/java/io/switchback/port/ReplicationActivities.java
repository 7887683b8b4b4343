package io.switchback.port;

import io.temporal.activity.ActivityInterface;

/** Steers what runs beside operations, from operations. Runs on the queue {@code switchback}. */
@ActivityInterface
public interface ReplicationActivities {

  /**
   * Wakes the replica's loop {@code replication/<replica id>}, and starts it when it does not run,
   * so that it looks at its hold now. Safe at any time. Milliseconds.
   */
  Done wakeReplication(WakeReplication request);

  /**
   * Makes the group's loop {@code replication-group/<group>} run, and wakes it when it shall cycle
   * now. Safe at any time. Milliseconds.
   */
  Done wakeGroup(WakeGroup request);

  /**
   * Makes the timer {@code switch/<replica id>} run, which switches the replica over when its
   * failback says so, and lets it ask the registry now. Safe at any time: where there is nothing to
   * wait for, the timer ends by itself. Milliseconds.
   */
  Done timeSwitch(TimeSwitch request);

  /**
   * Makes the timer {@code window/<replica id>} run, which commits or undoes at the end of the
   * replica's window, and lets it ask the registry now. What a person has stopped is not begun
   * again by that. Safe at any time: where there is no window, the timer ends by itself.
   * Milliseconds.
   */
  Done timeWindow(TimeWindow request);

  /**
   * Makes the loop {@code network-extension/<number>} run, which keeps a pair of networks extended
   * as long as somebody needs it, and lets it ask the registry now. Safe at any time: where nobody
   * needs the pair and nothing is left of it, the loop ends by itself. Milliseconds.
   */
  Done extendNetworks(ExtendNetworks request);

  /** Asks for the loop of the pair. */
  record ExtendNetworks(int pair) {}

  /** Asks for the timer of the replica's window; its name is for people. */
  record TimeWindow(String replicaId, String vm) {}

  /**
   * Asks for the timer of the replica's switch; its name is for people.
   *
   * @param again whether a switch that a person has stopped is made at its time after all
   */
  record TimeSwitch(String replicaId, String vm, boolean again) {}

  /** Asks for the loop of the group; {@code now} whether it shall begin a cycle at once. */
  record WakeGroup(String group, boolean now) {}

  /** Asks to wake the loop of the replica; its name is for the loop's summary. */
  record WakeReplication(String replicaId, String vm) {}
}
