package io.switchback.port;

/** The appliances in memory keep every promise. */
final class FakeNetworkExtensionContractTest extends NetworkExtensionContract {
  @Override
  protected NetworkExtensionFixture open() {
    return new FakeNetworkExtensionFixture(new FakeNetworkExtensionActivities());
  }
}
