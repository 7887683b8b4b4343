package io.switchback.port;

/** The registry in memory keeps every promise of {@link ProtectionActivities}. */
final class FakeProtectionContractTest extends ProtectionContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
