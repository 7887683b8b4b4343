package io.switchback.port;

/** The registry in memory keeps every promise about the catalogue. */
final class FakeCatalogueContractTest extends CatalogueContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
