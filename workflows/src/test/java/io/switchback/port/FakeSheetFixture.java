package io.switchback.port;

import io.switchback.model.DiskPair;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The suite's site in memory, with the reference adapter or with one that breaks a promise. */
final class FakeSheetFixture implements SheetFixture {
  private final FakeSite site = new FakeSite("munich");
  private final Replica replica = replica("web-01");
  private final Replica other = replica("web-02");
  private final SheetActivities sheets;

  FakeSheetFixture(Function<FakeSite, ? extends SheetActivities> sheets) {
    this.sheets = sheets.apply(site);
  }

  private Replica replica(String name) {
    VmRef vm = site.addVm(name + "_replica", name, 2);
    List<DiskPair> disks =
        site.disks(vm).stream().map(disk -> new DiskPair("p-" + disk, disk, 1 << 20)).toList();
    return new Replica(
        name + ".1", name, new VmRef("berlin", name, name), vm, disks, List.of("lan"));
  }

  @Override
  public SheetActivities sheets() {
    return sheets;
  }

  @Override
  public Replica replica() {
    return replica;
  }

  @Override
  public Replica other() {
    return other;
  }

  @Override
  public Optional<String> page(Replica of) {
    return Optional.ofNullable(site.sheets().get(of.id()));
  }

  @Override
  public void deleteVm(Replica of) {
    site.deleteVm(of.recovery());
  }

  @Override
  public void breakSite() {
    site.reachable(false);
  }

  @Override
  public void close() {}
}
