package io.switchback.port;

/** The registry in memory keeps every promise about claims. */
final class FakeClaimContractTest extends ClaimContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
