package io.switchback.port;

import io.switchback.model.Hardware;
import io.switchback.model.Mandate;
import io.switchback.model.Placement;
import io.switchback.model.PowerState;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The suites' site in memory, with the reference adapters or with one that breaks a promise. */
class FakePlacementFixture implements PlacementFixture {
  final FakeSite site = new FakeSite("potsdam");
  private final InventoryActivities inventory;
  private final PlaceholderActivities placeholders;

  FakePlacementFixture(
      Function<FakeSite, ? extends InventoryActivities> inventory,
      Function<FakeSite, ? extends PlaceholderActivities> placeholders) {
    this.inventory = inventory.apply(site);
    this.placeholders = placeholders.apply(site);
  }

  @Override
  public InventoryActivities inventory() {
    return inventory;
  }

  @Override
  public PlaceholderActivities placeholders() {
    return placeholders;
  }

  @Override
  public String site() {
    return site.name();
  }

  @Override
  public Placement placement() {
    return new Placement("host-1", "store-1", "");
  }

  @Override
  public VmRef vm(String name, int disks, String folder, List<String> tags) {
    VmRef vm = site.addVm("id-" + name, name, disks);
    site.change(vm, site.profile(vm).hardware(), new Placement("host-1", "store-1", folder));
    site.tag(vm, tags.toArray(String[]::new));
    return vm;
  }

  @Override
  public void change(VmRef vm, Hardware hardware) {
    site.change(vm, hardware, site.profile(vm).placement());
  }

  @Override
  public void rename(VmRef vm, String name) {
    site.rename(vm, name);
  }

  @Override
  public void write(VmRef vm, String disk, long offsetBytes, byte[] bytes) {
    site.write(vm, disk, offsetBytes, bytes);
  }

  @Override
  public byte[] read(VmRef vm, String disk, long offsetBytes, int length) {
    return site.read(vm, disk, offsetBytes, length);
  }

  @Override
  public long takenBytes() {
    return site.takenBytes();
  }

  @Override
  public Optional<VmProfile> look(VmRef vm) {
    return site.vms().stream()
        .filter(known -> known.id().equals(vm.id()))
        .findFirst()
        .map(site::profile);
  }

  @Override
  public String managedBy(VmRef vm) {
    return site.managedBy(vm);
  }

  @Override
  public void power(VmRef vm, PowerState power) {
    site.power(vm, power);
  }

  @Override
  public void snapshot(VmRef vm, Mandate mandate, String name) {
    new FakeSnapshotActivities(site).createSnapshot(new CreateSnapshot(mandate, vm, name, false));
  }

  @Override
  public int vms() {
    return site.vms().size();
  }

  @Override
  public void breakSite() {
    site.reachable(false);
  }

  @Override
  public void close() {}
}
