package io.switchback.port;

/** The loops in memory keep every promise of {@link LookoutActivities}. */
final class FakeLookoutContractTest extends LookoutContract {
  @Override
  protected LookoutFixture open() {
    return new FakeLookoutFixture(new FakeLookoutActivities());
  }
}
