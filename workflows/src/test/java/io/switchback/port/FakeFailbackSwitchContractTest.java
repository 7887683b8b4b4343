package io.switchback.port;

/** The registry in memory keeps every promise of {@link FailbackActivities} of the switch. */
final class FakeFailbackSwitchContractTest extends FailbackSwitchContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
