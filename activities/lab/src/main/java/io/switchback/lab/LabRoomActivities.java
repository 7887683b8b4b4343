package io.switchback.lab;

import io.switchback.model.VmRef;
import io.switchback.port.RoomActivities;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How much room lab sites have. */
public final class LabRoomActivities implements RoomActivities {
  private final LabSites sites;

  public LabRoomActivities(LabSites sites) {
    this.sites = sites;
  }

  @Override
  public Room measureRoom(MeasureRoom request) {
    return LabFaults.translated(
        "measure the room at site '" + request.site() + "'",
        () -> {
          LabClient site = sites.client(request.site());
          ResourcesView room = site.resources();
          return new Room(
              request.site(),
              room.hosts().stream()
                  .map(
                      host ->
                          new HostRoom(
                              host.name(),
                              host.cpus(),
                              host.freeCpus(),
                              host.memoryBytes(),
                              host.freeMemoryBytes()))
                  .toList(),
              room.datastores().stream()
                  .map(
                      store ->
                          new DatastoreRoom(store.name(), store.capacityBytes(), store.freeBytes()))
                  .toList(),
              request.toStart().isEmpty() ? List.of() : needs(site, request.toStart()),
              room.at());
        });
  }

  /** One call for all of them: a failover may want to start hundreds. */
  private static List<VmNeed> needs(LabClient site, List<VmRef> toStart) {
    Map<String, VmView> there = new HashMap<>();
    site.site().vms().forEach(vm -> there.put(vm.id(), vm));
    List<VmNeed> needs = new ArrayList<>();
    for (VmRef vm : toStart) {
      VmView view = there.get(vm.id());
      if (view == null) {
        throw new LabException(LabFault.NO_SUCH_VM, "There is no " + vm + ".");
      }
      if (view.power() == PowerState.OFF) {
        needs.add(
            new VmNeed(
                vm,
                view.cpus(),
                view.memoryBytes(),
                view.disks().stream().mapToLong(DiskDefinition::capacityBytes).sum(),
                view.host(),
                view.datastore()));
      }
    }
    return needs;
  }
}
