package io.switchback.port;

/** The looks in memory keep every promise. */
final class FakeVerifyContractTest extends VerifyContract {
  @Override
  protected VerifyFixture open() {
    return new FakeVerifyFixture(new FakeVerifyActivities());
  }
}
