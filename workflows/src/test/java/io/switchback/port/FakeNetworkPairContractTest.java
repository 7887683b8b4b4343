package io.switchback.port;

/** The registry in memory keeps every promise of {@link NetworkPairActivities}. */
final class FakeNetworkPairContractTest extends NetworkPairContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
