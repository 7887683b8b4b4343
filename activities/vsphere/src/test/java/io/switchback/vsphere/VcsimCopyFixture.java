package io.switchback.vsphere;

import io.switchback.model.Hardware;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import io.switchback.port.CopyActivities;
import io.switchback.port.CopyFixture;
import io.switchback.port.DrillNetworkActivities;
import io.switchback.port.PortCaller;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import java.rmi.RemoteException;
import java.util.function.Function;

/**
 * A simulated vCenter for copies, whose bytes come from the front (byte tier). A switch that gets
 * an uplink, which the simulator cannot give it, is what the front tells of it.
 */
final class VcsimCopyFixture extends VcsimPlacementFixture implements CopyFixture {
  VcsimCopyFixture() {
    this(Front::withBytes);
  }

  VcsimCopyFixture(Function<Vcsim, Front> before, String... flags) {
    super(before, flags);
  }

  @Override
  public CopyActivities copies() {
    return new VsphereCopyActivities(vcenters());
  }

  @Override
  public DrillNetworkActivities drillNetworks() {
    return new VsphereDrillNetworkActivities(vcenters());
  }

  @Override
  public SnapshotActivities snapshots() {
    return new VsphereSnapshotActivities(vcenters());
  }

  @Override
  public void snapshot(VmRef vm, Mandate mandate, String name) {
    try (PortCaller<SnapshotActivities> port =
        new PortCaller<>(SnapshotActivities.class, snapshots())) {
      port.call().createSnapshot(new CreateSnapshot(mandate, vm, name, false));
    }
  }

  @Override
  public void connect(String network) {
    uplink(network);
  }

  @Override
  public boolean hasNetwork(String network) {
    return judge().networks().stream().anyMatch(one -> one.name().equals(network));
  }

  @Override
  public void change(VmRef vm, Hardware hardware) {
    try {
      owner().plug(vm, hardware);
    } catch (RemoteException e) {
      throw new IllegalStateException(e);
    }
  }
}
