package io.switchback.port;

import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import java.util.function.Function;

/** The suite's site in memory, with the reference adapter or with one that breaks a promise. */
final class FakeRoomFixture implements RoomFixture {
  private final FakeSite site = new FakeSite("berlin");
  private final VmRef vm = site.addVm("vm-1", "web-01", 1);
  private final RoomActivities rooms;

  FakeRoomFixture(Function<FakeSite, ? extends RoomActivities> rooms) {
    site.room().share("vm-1", 2, 1L << 30);
    this.rooms = rooms.apply(site);
  }

  @Override
  public RoomActivities rooms() {
    return rooms;
  }

  @Override
  public VmRef vm() {
    return vm;
  }

  @Override
  public void power(VmRef ref, PowerState power) {
    site.power(ref, power);
  }

  @Override
  public void write(VmRef ref, int bytes) {
    for (int written = 0; written < bytes; written += 1 << 20) {
      site.write(ref, site.disks(ref).getFirst(), 0, new byte[1 << 20]);
    }
  }

  @Override
  public void breakSite() {
    site.reachable(false);
  }

  @Override
  public void close() {}
}
