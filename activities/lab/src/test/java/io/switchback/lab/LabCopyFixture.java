package io.switchback.lab;

import io.switchback.port.CopyActivities;
import io.switchback.port.CopyFixture;
import io.switchback.port.DrillNetworkActivities;
import io.switchback.port.SnapshotActivities;
import java.io.IOException;

/** A lab site without VMs for the suites of copies and of their networks. */
final class LabCopyFixture extends LabPlacementFixture implements CopyFixture {
  LabCopyFixture() throws IOException {}

  @Override
  public CopyActivities copies() {
    return new LabCopyActivities(sites);
  }

  @Override
  public DrillNetworkActivities drillNetworks() {
    return new LabDrillNetworkActivities(sites);
  }

  @Override
  public SnapshotActivities snapshots() {
    return new LabSnapshotActivities(sites);
  }

  @Override
  public void connect(String network) {
    client.connectNetwork(network, "an uplink");
  }

  @Override
  public boolean hasNetwork(String network) {
    return client.isolatedNetworks().stream().anyMatch(one -> one.name().equals(network));
  }
}
