package io.switchback.port;

class FakeGroupContractTest extends GroupContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
