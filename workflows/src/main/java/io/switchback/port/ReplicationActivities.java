package io.switchback.port;

import io.temporal.activity.ActivityInterface;

/** Steers replication loops from operations. Runs on the queue {@code switchback}. */
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

  /** Asks for the loop of the group; {@code now} whether it shall begin a cycle at once. */
  record WakeGroup(String group, boolean now) {}

  /** Asks to wake the loop of the replica; its name is for the loop's summary. */
  record WakeReplication(String replicaId, String vm) {}
}
