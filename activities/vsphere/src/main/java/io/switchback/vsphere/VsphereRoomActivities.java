package io.switchback.vsphere;

import com.vmware.vim25.DatastoreSummary;
import com.vmware.vim25.HostHardwareSummary;
import com.vmware.vim25.HostSystemConnectionState;
import com.vmware.vim25.ManagedObjectReference;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.switchback.port.RoomActivities;
import java.rmi.RemoteException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much room a vCenter's hosts and datastores have. A host's CPUs are its threads, and free are
 * those that no running VM was given, as if none were shared.
 */
public final class VsphereRoomActivities implements RoomActivities {
  private static final String[] SHARE = {
    "config.instanceUuid",
    "config.hardware.numCPU",
    "config.hardware.memoryMB",
    "runtime.powerState",
    "runtime.host"
  };

  private final VCenters vcenters;

  public VsphereRoomActivities(VCenters vcenters) {
    this.vcenters = vcenters;
  }

  @Override
  public Room measureRoom(MeasureRoom request) {
    return VsphereFaults.translated(
        "measure the room at site '%s'".formatted(request.site()),
        () -> room(vcenters.at(request.site()), request));
  }

  static Room room(VCenter vcenter, MeasureRoom request) throws RemoteException {
    return new Room(
        request.site(),
        hosts(vcenter),
        datastores(vcenter),
        needs(vcenter, request.toStart()),
        vcenter.read(live -> live.vim().currentTime(Session.serviceInstance())).toInstant());
  }

  private static List<HostRoom> hosts(VCenter vcenter) throws RemoteException {
    Map<String, Long> memory = new HashMap<>();
    Map<String, Integer> cpus = new HashMap<>();
    for (Properties.Row vm : vcenter.read(live -> Properties.all(live, "VirtualMachine", SHARE))) {
      ManagedObjectReference host = vm.get("runtime.host", ManagedObjectReference.class);
      if (host != null && Machine.power(vm) == PowerState.ON) {
        memory.merge(host.getVal(), memoryBytes(vm), Long::sum);
        cpus.merge(host.getVal(), vm.get("config.hardware.numCPU", Integer.class, 0), Integer::sum);
      }
    }
    List<HostRoom> hosts = new ArrayList<>();
    for (Properties.Row host :
        vcenter.read(
            live ->
                Properties.all(
                    live,
                    "HostSystem",
                    "name",
                    "summary.hardware",
                    "runtime.connectionState",
                    "runtime.inMaintenanceMode"))) {
      HostHardwareSummary hardware = host.get("summary.hardware", HostHardwareSummary.class);
      if (hardware != null && canStart(host)) {
        String id = host.object().getVal();
        int threads = hardware.getNumCpuThreads();
        hosts.add(
            new HostRoom(
                host.get("name", String.class, id),
                threads,
                Math.max(0, threads - cpus.getOrDefault(id, 0)),
                hardware.getMemorySize(),
                Math.max(0, hardware.getMemorySize() - memory.getOrDefault(id, 0L))));
      }
    }
    return hosts;
  }

  private static boolean canStart(Properties.Row host) {
    return host.get("runtime.connectionState", HostSystemConnectionState.class)
            == HostSystemConnectionState.connected
        && !host.get("runtime.inMaintenanceMode", Boolean.class, false);
  }

  private static long memoryBytes(Properties.Row vm) {
    return (long) vm.get("config.hardware.memoryMB", Integer.class, 0) << 20;
  }

  private static List<DatastoreRoom> datastores(VCenter vcenter) throws RemoteException {
    return vcenter.read(live -> Properties.all(live, "Datastore", "summary")).stream()
        .map(row -> row.get("summary", DatastoreSummary.class))
        .filter(summary -> summary != null && summary.isAccessible())
        .map(
            summary ->
                new DatastoreRoom(
                    SiteNames.decoded(summary.getName()),
                    summary.getCapacity(),
                    summary.getFreeSpace()))
        .toList();
  }

  /** One call for all of them: a failover may want to start hundreds. */
  private static List<VmNeed> needs(VCenter vcenter, List<VmRef> toStart) throws RemoteException {
    if (toStart.isEmpty()) {
      return List.of();
    }
    Map<String, Properties.Row> there = new HashMap<>();
    for (Properties.Row row :
        vcenter.read(
            live ->
                Properties.all(
                    live,
                    "VirtualMachine",
                    "config.instanceUuid",
                    "config.hardware.numCPU",
                    "config.hardware.memoryMB",
                    "config.hardware.device",
                    "config.files.vmPathName",
                    "runtime.powerState"))) {
      there.put(row.get("config.instanceUuid", String.class, ""), row);
    }
    List<VmNeed> needs = new ArrayList<>();
    for (VmRef vm : toStart) {
      Properties.Row row = there.get(vm.id());
      // Asked by itself it says why it is not among them.
      Properties.Row known = row == null ? Machine.read(vcenter, vm, "config.hardware").row() : row;
      if (Machine.power(known) != PowerState.ON) {
        needs.add(need(vm, known));
      }
    }
    return needs;
  }

  // Every host of its cluster will do: which one it stands on while it is off binds it to nothing.
  private static VmNeed need(VmRef vm, Properties.Row row) {
    return new VmNeed(
        vm,
        row.get("config.hardware.numCPU", Integer.class, 1),
        memoryBytes(row),
        Disks.capacities(row).values().stream().mapToLong(Long::longValue).sum(),
        "",
        Disks.datastore(row));
  }
}
