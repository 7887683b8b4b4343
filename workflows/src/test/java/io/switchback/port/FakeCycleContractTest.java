package io.switchback.port;

/** The registry in memory keeps every promise about cycles. */
final class FakeCycleContractTest extends CycleContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
