package io.switchback.port;

/** Replication loops for {@link ReplicationContract}. Each test opens one of its own. */
public interface ReplicationFixture extends AutoCloseable {
  /** The adapter under test. */
  ReplicationActivities replication();

  /** A loop of the replica runs. */
  void start(String replicaId);

  /** The replica's loop has come to its end. */
  void end(String replicaId);

  /** How often a loop of the replica was started, by whomever. */
  int started(String replicaId);

  /** How often the loops of the replica were woken, once all that was sent has arrived. */
  int woken(String replicaId);

  /** How often a loop of the group was started, by whomever. */
  int startedOfGroup(String group);

  /** How often the group's loop was woken, once all that was sent has arrived. */
  int wokenOfGroup(String group);

  /** How often a timer of the replica's switch was started. */
  int startedTimers(String replicaId);

  /** How often the timer of the replica's switch was woken, once all that was sent has arrived. */
  int wokenTimers(String replicaId);

  /** How often a timer of the replica's window was started. */
  int startedWindows(String replicaId);

  /** How often the timer of the replica's window was woken, once all that was sent has arrived. */
  int wokenWindows(String replicaId);

  /** How often a loop of the pair of networks was started. */
  int startedPairs(int pair);

  /** How often the pair's loop was woken, once all that was sent has arrived. */
  int wokenPairs(int pair);

  @Override
  void close();
}
