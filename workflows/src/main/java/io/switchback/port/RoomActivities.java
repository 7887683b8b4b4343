package io.switchback.port;

import io.switchback.model.Mistakes;
import io.switchback.model.VmRef;
import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import java.util.List;

/** How much room a site has for VMs and for what they write. */
@ActivityInterface
public interface RoomActivities {

  /**
   * Answers what every host and datastore of the site has free now, and what the VMs asked for
   * would need to be started. A VM that runs already needs nothing: its host has given it its
   * share. Changes nothing. Milliseconds to seconds.
   *
   * @throws io.switchback.fault.FaultException SITE_UNREACHABLE (retried) when the hypervisor does
   *     not answer; VM_NOT_FOUND when it knows one of the VMs no more
   */
  Room measureRoom(MeasureRoom request);

  /**
   * Asks for the room at {@code site}.
   *
   * @param toStart VMs of the site that somebody wants to start; empty when only the room counts
   */
  record MeasureRoom(String site, List<VmRef> toStart) {
    public MeasureRoom {
      new Mistakes().required(site, "site").refuse("room");
      toStart = toStart == null ? List.of() : List.copyOf(toStart);
    }
  }

  /**
   * The site's room.
   *
   * @param needs of the VMs asked for that do not run, in the order asked
   * @param at the hypervisor's clock
   */
  record Room(
      String site,
      List<HostRoom> hosts,
      List<DatastoreRoom> datastores,
      List<VmNeed> needs,
      Instant at) {
    public Room {
      hosts = List.copyOf(hosts);
      datastores = List.copyOf(datastores);
      needs = needs == null ? List.of() : List.copyOf(needs);
    }
  }

  /** A host that VMs can be started on; free is what no running VM has. */
  record HostRoom(String name, int cpus, int freeCpus, long memoryBytes, long freeMemoryBytes) {}

  /** A datastore; deltas of running VMs and restore points grow into what is free. */
  record DatastoreRoom(String name, long capacityBytes, long freeBytes) {}

  /**
   * What a VM needs to be started.
   *
   * @param diskBytes capacity of its disks: its delta cannot outgrow it
   * @param host that it must stand on; empty when any will do
   * @param datastore that its disks write to
   */
  record VmNeed(
      VmRef vm, int cpus, long memoryBytes, long diskBytes, String host, String datastore) {}
}
