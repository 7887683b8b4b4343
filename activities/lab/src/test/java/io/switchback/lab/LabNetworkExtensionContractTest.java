package io.switchback.lab;

import io.switchback.model.DiskPair;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.NetworkExtensionActivities;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.Side;
import io.switchback.port.NetworkExtensionContract;
import io.switchback.port.NetworkExtensionFixture;
import java.util.List;
import java.util.Set;

/** The lab has nothing to extend, and keeps every promise about it. */
class LabNetworkExtensionContractTest extends NetworkExtensionContract {
  @Override
  protected NetworkExtensionFixture open() throws Exception {
    return new Networks(new LabSiteFixture());
  }

  private record Networks(LabSiteFixture site) implements NetworkExtensionFixture {
    @Override
    public NetworkExtensionActivities extension() {
      return new LabNetworkExtensionActivities(site.sites());
    }

    @Override
    public Replica replica() {
      return replica(site.vm());
    }

    @Override
    public Replica other() {
      return replica(site.other());
    }

    private static Replica replica(VmRef vm) {
      return new Replica(
          vm.name() + ".1",
          vm.name(),
          new VmRef("munich", vm.id(), vm.name()),
          vm,
          List.of(new DiskPair("disk-0", "disk-0", LabFixture.MIB)),
          List.of("lan"));
    }

    @Override
    public Condition expected(Side side) {
      return Condition.NOT_NEEDED;
    }

    @Override
    public Set<String> countedIn(Side side) {
      return Set.of();
    }

    @Override
    public long effects(Replica replica) {
      return LabFixture.effects(site.directory()).stream()
          .filter(effect -> effect.by().equals("operation"))
          .count();
    }

    @Override
    public void breakSite() {
      site.breakSite();
    }

    @Override
    public void close() {
      site.close();
    }
  }
}
