package io.switchback.port;

/** The registry in memory keeps every promise about how the estate is found. */
final class FakeWatchContractTest extends WatchContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
