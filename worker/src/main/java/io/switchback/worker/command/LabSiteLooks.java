package io.switchback.worker.command;

import io.switchback.fault.FaultException;
import io.switchback.lab.LabRoomActivities;
import io.switchback.lab.LabSites;
import io.switchback.lab.LabSnapshotActivities;
import io.switchback.lab.LabVmActivities;
import io.switchback.model.VmRef;
import io.switchback.port.RoomActivities.MeasureRoom;
import io.switchback.port.RoomActivities.Room;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import io.switchback.port.SnapshotActivities.Snapshots;
import io.switchback.port.VmActivities.LookAtVm;
import io.switchback.port.VmActivities.VmStatus;
import io.switchback.worker.run.SiteLooks;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks at VMs of the lab sites of this home, by the adapters that the workers use. */
final class LabSiteLooks implements SiteLooks {
  private final LabVmActivities vms;
  private final LabSnapshotActivities snapshots;
  private final LabRoomActivities rooms;

  LabSiteLooks(LabSites sites) {
    this.vms = new LabVmActivities(sites);
    this.snapshots = new LabSnapshotActivities(sites);
    this.rooms = new LabRoomActivities(sites);
  }

  @Override
  public Optional<VmStatus> look(VmRef vm) {
    return ifReachable(() -> vms.lookAtVm(new LookAtVm(vm)));
  }

  @Override
  public Optional<Snapshots> snapshots(VmRef vm) {
    return ifReachable(() -> snapshots.listSnapshots(new ListSnapshots(vm)));
  }

  @Override
  public Optional<Room> room(String site, List<VmRef> toStart) {
    return ifReachable(() -> rooms.measureRoom(new MeasureRoom(site, toStart)));
  }

  private static <T> Optional<T> ifReachable(Supplier<T> look) {
    try {
      return Optional.of(look.get());
    } catch (FaultException notFromHere) {
      return Optional.empty();
    }
  }
}
