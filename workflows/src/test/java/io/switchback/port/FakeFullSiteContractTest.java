package io.switchback.port;

/** The registry in memory keeps every promise of {@link NetworkPairActivities}. */
final class FakeFullSiteContractTest extends FullSiteContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
