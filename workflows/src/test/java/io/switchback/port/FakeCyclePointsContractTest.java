package io.switchback.port;

/** The registry in memory keeps every promise about cycles. */
final class FakeCyclePointsContractTest extends CyclePointsContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
