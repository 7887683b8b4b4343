package io.switchback.port;

/** The extension in memory keeps every promise. */
final class FakeNetworkExtensionContractTest extends NetworkExtensionContract {
  @Override
  protected NetworkExtensionFixture open() {
    return new FakeNetworkExtensionFixture(new FakeNetworkExtensionActivities());
  }
}
