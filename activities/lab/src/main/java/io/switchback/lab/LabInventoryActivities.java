package io.switchback.lab;

import io.switchback.model.DiskShape;
import io.switchback.model.Hardware;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.InventoryActivities;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What VMs a lab site has. */
public final class LabInventoryActivities implements InventoryActivities {
  private final LabSites sites;

  public LabInventoryActivities(LabSites sites) {
    this.sites = sites;
  }

  @Override
  public Inventory findVms(FindVms request) {
    List<VmView> all =
        LabFaults.translated(
            "list the VMs of site '%s'".formatted(request.site()),
            () -> sites.client(request.site()).site().vms());
    List<VmProfile> found =
        all.stream()
            .filter(vm -> matches(vm, request))
            .sorted(Comparator.comparing(VmView::name))
            .map(vm -> profile(request.site(), vm))
            .toList();
    List<String> missing = new ArrayList<>(request.names());
    all.forEach(vm -> missing.removeIf(name -> isCalled(vm, name)));
    return new Inventory(
        found.subList(0, Math.min(MOST, found.size())), missing, found.size() > MOST);
  }

  private static boolean matches(VmView vm, FindVms request) {
    boolean named = request.names().stream().anyMatch(name -> isCalled(vm, name));
    return (request.names().isEmpty() ? vm.managedBy().isEmpty() : named)
        && (request.tag().isEmpty() || vm.tags().contains(request.tag()))
        && (request.folder().isEmpty()
            || vm.folder().equals(request.folder())
            || vm.folder().startsWith(request.folder() + "/"));
  }

  private static boolean isCalled(VmView vm, String name) {
    return vm.name().equals(name) || vm.id().equals(name);
  }

  @Override
  public VmProfile describeVm(DescribeVm request) {
    VmRef vm = request.vm();
    return LabFaults.translated(
        "describe " + vm, () -> profile(vm.site(), sites.client(vm).look(vm.id())));
  }

  static VmProfile profile(String site, VmView vm) {
    return new VmProfile(
        new VmRef(site, vm.id(), vm.name()),
        vm.power() == PowerState.ON
            ? io.switchback.model.PowerState.ON
            : io.switchback.model.PowerState.OFF,
        new Hardware(
            vm.cpus(),
            vm.memoryBytes(),
            vm.firmware(),
            vm.networks().stream().map(LabInventoryActivities::nic).toList()),
        vm.disks().stream().map(disk -> new DiskShape(disk.id(), disk.capacityBytes())).toList(),
        new Placement(vm.host(), vm.datastore(), vm.folder()),
        vm.tags());
  }

  private static Nic nic(NetworkCard card) {
    String address = card.address();
    return new Nic(
        card.network(), card.connected(), address == null ? List.of() : List.of(address));
  }
}
