package io.switchback.port;

/** The registry in memory keeps every promise of {@link WindowActivities}. */
final class FakeWindowContractTest extends WindowContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
