package io.switchback.port;

/** The registry in memory keeps every promise of {@link ProtectionPlanActivities}. */
final class FakeProtectionPlanContractTest extends ProtectionPlanContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
