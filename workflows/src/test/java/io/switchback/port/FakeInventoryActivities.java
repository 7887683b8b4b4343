package io.switchback.port;

import io.switchback.model.VmProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a {@link FakeSite} has. */
class FakeInventoryActivities implements InventoryActivities {
  final FakeSite site;

  FakeInventoryActivities(FakeSite site) {
    this.site = site;
  }

  @Override
  public Inventory findVms(FindVms request) {
    return site.script()
        .run(
            "findVms",
            FaultScript.ANY,
            () -> {
              synchronized (site) {
                return inventory(request);
              }
            });
  }

  private Inventory inventory(FindVms request) {
    List<FakeVm> all = site.answered();
    List<VmProfile> found =
        all.stream()
            .filter(vm -> matches(vm, request))
            .map(FakeVm::profile)
            .sorted(Comparator.comparing(profile -> profile.vm().name()))
            .toList();
    List<String> missing = new ArrayList<>(request.names());
    all.forEach(vm -> missing.removeIf(name -> isCalled(vm, name)));
    return new Inventory(
        found.subList(0, Math.min(MOST, found.size())), missing, found.size() > MOST);
  }

  boolean matches(FakeVm vm, FindVms request) {
    boolean named = request.names().stream().anyMatch(name -> isCalled(vm, name));
    return (request.names().isEmpty() ? isAnybodys(vm) : named)
        && (request.tag().isEmpty() || vm.tags.contains(request.tag()))
        && (request.folder().isEmpty() || isBelow(vm.placement.folder(), request.folder()));
  }

  boolean isAnybodys(FakeVm vm) {
    return vm.managedBy.isEmpty() && vm.copyId.isEmpty();
  }

  boolean isBelow(String folder, String above) {
    return folder.equals(above) || folder.startsWith(above + "/");
  }

  boolean isCalled(FakeVm vm, String name) {
    return vm.ref.name().equals(name) || vm.ref.id().equals(name);
  }

  @Override
  public VmProfile describeVm(DescribeVm request) {
    return site.script()
        .run(
            "describeVm",
            request.vm().id(),
            () -> {
              synchronized (site) {
                return site.vm(request.vm()).profile();
              }
            });
  }
}
