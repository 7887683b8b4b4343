package io.switchback.port;

import io.switchback.model.DiskPair;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.Side;
import java.util.List;
import java.util.Set;

/** The suite's extension in memory, up at both sides, or one that breaks a promise. */
final class FakeNetworkExtensionFixture implements NetworkExtensionFixture {
  private final FakeNetworkExtensionActivities extension;

  FakeNetworkExtensionFixture(FakeNetworkExtensionActivities extension) {
    this.extension = extension;
    extension.condition(Side.RECOVERY, Condition.UP);
    extension.condition(Side.PRODUCTION, Condition.DEGRADED);
    extension.knowOnly(replica().recovery().id(), other().recovery().id());
  }

  @Override
  public NetworkExtensionActivities extension() {
    return extension;
  }

  @Override
  public Replica replica() {
    return replica("web-01");
  }

  @Override
  public Replica other() {
    return replica("db-01");
  }

  private static Replica replica(String name) {
    return new Replica(
        name + ".1",
        name,
        new VmRef("berlin", name, name),
        new VmRef("munich", name + "-replica", name + "-replica"),
        List.of(new DiskPair("disk-0", "disk-0", 1 << 20)),
        List.of("lan"));
  }

  @Override
  public Condition expected(Side side) {
    return side == Side.RECOVERY ? Condition.UP : Condition.DEGRADED;
  }

  @Override
  public Set<String> countedIn(Side side) {
    return extension.counted(side);
  }

  @Override
  public long effects(Replica replica) {
    return extension.effects().stream()
        .filter(effect -> effect.target().equals(replica.id()))
        .count();
  }

  @Override
  public void breakSite() {
    extension.reachable(false);
  }

  @Override
  public void close() {}
}
