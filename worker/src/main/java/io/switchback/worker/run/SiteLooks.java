package io.switchback.worker.run;

import io.switchback.model.VmRef;
import io.switchback.port.RoomActivities.Room;
import io.switchback.port.SnapshotActivities.Snapshots;
import io.switchback.port.VmActivities.VmStatus;
import java.util.List;
import java.util.Optional;

/** Looks at VMs at their sites without changing anything. */
public interface SiteLooks {
  /** Looks nowhere: no site can be reached from here. */
  SiteLooks NONE =
      new SiteLooks() {
        @Override
        public Optional<VmStatus> look(VmRef vm) {
          return Optional.empty();
        }

        @Override
        public Optional<Snapshots> snapshots(VmRef vm) {
          return Optional.empty();
        }

        @Override
        public Optional<Room> room(String site, List<VmRef> toStart) {
          return Optional.empty();
        }
      };

  /** What the VM's hypervisor says of it now; empty when it cannot be asked from here. */
  Optional<VmStatus> look(VmRef vm);

  /**
   * The VM's snapshots, and what a revert would discard; empty when it cannot be asked from here.
   */
  Optional<Snapshots> snapshots(VmRef vm);

  /** The site's room, and what these VMs need; empty when it cannot be asked from here. */
  Optional<Room> room(String site, List<VmRef> toStart);
}
