package io.switchback.port;

import java.util.Collections;

/** The suite's loops in memory, woken by the reference adapter or by one that breaks a promise. */
final class FakeReplicationFixture implements ReplicationFixture {
  private final FakeReplicationActivities loops;

  FakeReplicationFixture(FakeReplicationActivities loops) {
    this.loops = loops;
  }

  @Override
  public ReplicationActivities replication() {
    return loops;
  }

  @Override
  public void start(String replicaId) {
    loops.start(replicaId);
  }

  @Override
  public void end(String replicaId) {
    loops.end(replicaId);
  }

  @Override
  public int started(String replicaId) {
    return loops.started(replicaId);
  }

  @Override
  public int woken(String replicaId) {
    return Collections.frequency(loops.woken(), replicaId);
  }

  @Override
  public int startedOfGroup(String group) {
    return loops.started(FakeReplicationActivities.groupKey(group));
  }

  @Override
  public int wokenOfGroup(String group) {
    return Collections.frequency(loops.woken(), FakeReplicationActivities.groupKey(group));
  }

  @Override
  public int startedTimers(String replicaId) {
    return loops.started(FakeReplicationActivities.timerKey(replicaId));
  }

  @Override
  public int wokenTimers(String replicaId) {
    return Collections.frequency(loops.woken(), FakeReplicationActivities.timerKey(replicaId));
  }

  @Override
  public int startedWindows(String replicaId) {
    return loops.started(FakeReplicationActivities.windowKey(replicaId));
  }

  @Override
  public int wokenWindows(String replicaId) {
    return Collections.frequency(loops.woken(), FakeReplicationActivities.windowKey(replicaId));
  }

  @Override
  public int startedPairs(int pair) {
    return loops.started(FakeReplicationActivities.pairKey(pair));
  }

  @Override
  public int wokenPairs(int pair) {
    return Collections.frequency(loops.woken(), FakeReplicationActivities.pairKey(pair));
  }

  @Override
  public void close() {}
}
