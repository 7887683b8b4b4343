package io.switchback.port;

import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import java.util.List;
import java.util.function.Function;

/** The suites' site in memory, with the reference adapters or with one that breaks a promise. */
final class FakeSiteFixture implements SiteFixture {
  private final FakeSite site = new FakeSite("berlin");
  private final VmRef vm = site.addVm("vm-1", "web-01", 2);
  private final VmRef other = site.addVm("vm-2", "web-02", 2);
  private final VmActivities vms;
  private final GuestActivities guests;
  private final SnapshotActivities snapshots;

  FakeSiteFixture(
      Function<FakeSite, ? extends VmActivities> vms,
      Function<FakeSite, ? extends GuestActivities> guests,
      Function<FakeSite, ? extends SnapshotActivities> snapshots) {
    this.vms = vms.apply(site);
    this.guests = guests.apply(site);
    this.snapshots = snapshots.apply(site);
  }

  FakeSite site() {
    return site;
  }

  @Override
  public VmActivities vms() {
    return vms;
  }

  @Override
  public GuestActivities guests() {
    return guests;
  }

  @Override
  public SnapshotActivities snapshots() {
    return snapshots;
  }

  @Override
  public VmRef vm() {
    return vm;
  }

  @Override
  public VmRef other() {
    return other;
  }

  @Override
  public void power(VmRef ref, PowerState power) {
    site.power(ref, power);
  }

  @Override
  public PowerState power(VmRef ref) {
    return site.power(ref);
  }

  @Override
  public List<String> disks(VmRef ref) {
    return site.disks(ref);
  }

  @Override
  public void write(VmRef ref, String disk, long offsetBytes, byte[] bytes) {
    site.write(ref, disk, offsetBytes, bytes);
  }

  @Override
  public byte[] read(VmRef ref, String disk, long offsetBytes, int length) {
    return site.read(ref, disk, offsetBytes, length);
  }

  @Override
  public void unplug(VmRef ref) {
    site.connect(ref, false);
  }

  @Override
  public long effects(SiteEffect effect, VmRef ref) {
    String what =
        switch (effect) {
          case POWER_ON -> "powerOn";
          case POWER_OFF -> "powerOff";
          case SHUT_DOWN -> "shutDown";
          case CREATE_SNAPSHOT -> "createSnapshot";
          case REVERT_TO_SNAPSHOT -> "revertToSnapshot";
          case REMOVE_SNAPSHOT -> "removeSnapshot";
        };
    return site.effects(what, ref.id());
  }

  @Override
  public void breakSite() {
    site.reachable(false);
  }

  @Override
  public void fillHosts() {
    site.full(true);
  }

  @Override
  public void slowGuest(VmRef ref) {
    site.guestReadyAfter(ref, 3);
  }

  @Override
  public void stubbornGuest(VmRef ref) {
    site.guestStubborn(ref);
  }

  @Override
  public void silenceGuest(VmRef ref) {
    site.guestNeverReady(ref);
  }

  @Override
  public void close() {}
}
