package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import io.switchback.port.PortCaller;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import io.switchback.port.SnapshotActivities.Snapshot;
import java.rmi.RemoteException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When changes begin to be tracked. */
@ByteTier
class TrackingIT {
  private VcsimEstate estate;
  private Front front;
  private VCenters vcenters;
  private PortCaller<SnapshotActivities> port;

  @BeforeEach
  void open() {
    estate = new VcsimEstate("-vms", "1", "-disk-mib", "1");
    front = Front.withBytes(estate.vcsim());
    vcenters = new VCenters(Map.of("berlin", new VCenter(front.settings())));
    port = new PortCaller<>(SnapshotActivities.class, new VsphereSnapshotActivities(vcenters));
  }

  @AfterEach
  void close() {
    port.close();
    vcenters.close();
    front.close();
    estate.close();
  }

  @Test
  void changesAreTrackedFromTheFirstSnapshotOn() {
    Snapshot first = snapshot(1, "one");

    assertThat(estate.judge().vm("vm-0").changeTracking()).isTrue();
    assertThat(first.changeIds()).hasSize(1);
  }

  @Test
  void aVmWithSnapshotsStaysAsItIs() throws RemoteException {
    try (Owner owner = new Owner(estate.vcsim())) {
      owner.snapshot(vm(), "of its owner");
    }

    Snapshot second = snapshot(1, "two");

    assertThat(estate.judge().vm("vm-0").changeTracking()).isFalse();
    assertThat(second.changeIds()).isEmpty();
  }

  private Snapshot snapshot(long step, String name) {
    Mandate mandate = new Mandate("operation", "snapshot", new Fence(1, 7, step, 0));
    return port.call().createSnapshot(new CreateSnapshot(mandate, vm(), name, false));
  }

  private VmRef vm() {
    return new VmRef("berlin", estate.judge().vm("vm-0").instanceUuid(), "vm-0");
  }
}
