package io.switchback.port;

/** Runs in memory keep every promise. */
final class FakeRunContractTest extends RunContract {
  @Override
  protected RunFixture open() {
    return new FakeRunFixture(new FakeRunActivities());
  }
}
