package io.switchback.port;

/** The registry in memory keeps every promise about admission. */
final class FakeAdmissionContractTest extends AdmissionContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
