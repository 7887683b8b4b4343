package io.switchback.port;

/** The registry in memory keeps every promise of {@link ReconcileActivities}. */
final class FakeReconcileContractTest extends ReconcileContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
