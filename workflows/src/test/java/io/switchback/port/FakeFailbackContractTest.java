package io.switchback.port;

/** The registry in memory keeps every promise of {@link FailbackActivities} up to the switch. */
final class FakeFailbackContractTest extends FailbackContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
