package io.switchback.port;

/** The calls in memory keep every promise. */
final class FakeNotifyContractTest extends NotifyContract {
  @Override
  protected NotifyFixture open() {
    return new FakeNotifyFixture(FakeNotifyActivities::new);
  }
}
