package io.switchback.port;

import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.VmRef;
import java.util.List;

/** The suites' registry in memory; a test replaces an adapter by one that breaks a promise. */
class FakeProtectionFixture implements ProtectionFixture {
  final FakeRegistry registry;

  FakeProtectionFixture(FakeRegistry registry) {
    this.registry = registry;
  }

  @Override
  public ProtectionActivities protection() {
    return new FakeProtectionActivities(registry);
  }

  @Override
  public ProtectionPlanActivities plan() {
    return new FakeProtectionPlanActivities(registry);
  }

  @Override
  public ProtectionRuleActivities rules() {
    return new FakeProtectionRuleActivities(registry);
  }

  @Override
  public void pair(List<NetworkMapping> networks, Placement there, Pace pace) {
    registry.protection().networks(networks.toArray(NetworkMapping[]::new));
    registry.protection().placement(there);
    registry.protection().pace(pace);
  }

  @Override
  public void exclude(VmRef vm, String reason) {
    registry.excluded.put(vm.id(), reason);
  }
}
