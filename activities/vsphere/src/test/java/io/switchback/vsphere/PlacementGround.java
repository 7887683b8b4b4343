package io.switchback.vsphere;

import io.switchback.model.DiskShape;
import io.switchback.model.Fence;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Mandate;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.Seed;
import io.switchback.port.PlaceholderActivities;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import io.switchback.port.PortCaller;
import java.rmi.RemoteException;
import java.util.List;
import java.util.Map;

/** A vCenter without VMs, and what is asked of it: one replica. */
final class PlacementGround implements Judged, AutoCloseable {
  static final long MIB = 1 << 20;

  private final VcsimPlacementFixture fixture;
  final PortCaller<PlaceholderActivities> port;

  /**
   * @param flags of {@code docker/lab/vcsim}
   */
  PlacementGround(String... flags) {
    fixture = new VcsimPlacementFixture(Front::before, flags);
    port = another();
    owner().network("lan");
  }

  /** A step of the operation on the replica. */
  static Mandate step(long number) {
    return new Mandate("operation", "step " + number, new Fence(1, 7, number, 0));
  }

  @Override
  public VcsimEstate estate() {
    return fixture.estate();
  }

  Front front() {
    return fixture.front();
  }

  Owner owner() {
    return fixture.owner();
  }

  Judge judge() {
    return fixture.judge();
  }

  /** One who asks at the same time. */
  PortCaller<PlaceholderActivities> another() {
    return new PortCaller<>(
        PlaceholderActivities.class, new VspherePlaceholderActivities(fixture.vcenters()));
  }

  PlaceVm request(String network) {
    return request(
        new Hardware(2, 2L << 30, Firmware.EFI, List.of(new Nic(network, true, List.of()))));
  }

  /** Files of a VM that its vCenter knows no more; the path of its configuration. */
  String unregistered(String name) throws RemoteException {
    var _ = owner().make(name, 1, "");
    String path = judge().vm(name).path();
    judge().unregister(name);
    return path;
  }

  PlaceVm seeded(String path) {
    PlaceVm plain = request("lan");
    return new PlaceVm(
        plain.mandate(),
        plain.site(),
        plain.replicaId(),
        plain.name(),
        plain.hardware(),
        List.of(),
        plain.placement(),
        new Seed(path, Map.of()));
  }

  PlaceVm request(Hardware hardware) {
    return new PlaceVm(
        step(1),
        fixture.site(),
        "web-01.7",
        "web-01_replica",
        hardware,
        List.of(new DiskShape("disk-a", MIB)),
        Placement.ANYWHERE,
        null);
  }

  @Override
  public void close() {
    port.close();
    fixture.close();
  }
}
