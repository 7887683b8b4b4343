package io.switchback.port;

/** The loops in memory keep every promise. */
final class FakeReplicationContractTest extends ReplicationContract {
  @Override
  protected ReplicationFixture open() {
    return new FakeReplicationFixture(new FakeReplicationActivities());
  }
}
