package io.switchback.port;

/** The registry in memory keeps every promise of {@link ProtectionRuleActivities}. */
final class FakeProtectionRuleContractTest extends ProtectionRuleContract {
  @Override
  protected RegistryFixture open() {
    return new FakeRegistryFixture();
  }
}
