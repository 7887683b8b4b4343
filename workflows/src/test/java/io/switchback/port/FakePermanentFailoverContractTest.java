package io.switchback.port;

/** The registry in memory keeps every promise of {@link PermanentFailoverActivities}. */
final class FakePermanentFailoverContractTest extends PermanentFailoverContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
