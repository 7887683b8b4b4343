package io.switchback.vsphere;

import static io.switchback.model.PowerState.ON;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.DiskShape;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.PlaceholderActivities.ReshapeVm;
import io.switchback.port.PortCaller;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.TransferActivities;
import io.switchback.port.TransferActivities.TransferDisk;
import io.switchback.port.VmActivities.ChangePower;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * What dead transfers leave behind at transfer appliances, and who takes it away. What is attached
 * where, the judge says. That nothing stays is looked at after each test.
 */
@ByteTier
class AppliancesIT {
  @AutoClose private static final TransferEstates ESTATES = new TransferEstates();

  @AutoClose private final VcsimTransferFixture sites = ESTATES.byPath();
  private final DiskPair disk = sites.replica().disks().getFirst();
  private final BorrowedDisk borrowed = new BorrowedDisk(sites);

  @Test
  void theNextTransferDetachesWhatADeadOneLeft() throws IOException {
    sites.write(sites.replica().production(), disk.productionDisk(), 0, "fresh".getBytes(US_ASCII));
    sites.snapshot("one");
    borrowed.leaveBehind();
    assertThat(sites.borrowedAtRecovery()).hasSize(1);

    try (PortCaller<TransferActivities> transfers =
        new PortCaller<>(TransferActivities.class, sites.transfers())) {
      var _ = transfers.call().transferDisk(request(2));
    }

    assertThat(sites.read(sites.replica().recovery(), disk.recoveryDisk(), 0, 5))
        .isEqualTo("fresh".getBytes(US_ASCII));
  }

  @Test
  void theJanitorDetachesWhatADeadTransferLeft() throws IOException {
    borrowed.leaveBehind();

    sites.appliances().sweep();

    assertThat(sites.borrowedAtRecovery()).isEmpty();
    borrowed.forget();
  }

  @Test
  void theJanitorLeavesWhatATransferUses() throws IOException {
    try (Attached attached = borrowed.attach(sites.appliances())) {
      sites.appliances().sweep();

      assertThat(attached.isThere()).isTrue();
      assertThat(sites.borrowedAtRecovery()).hasSize(1);
    }
  }

  @Test
  void aDiskIsAtAnApplianceOnlyOnce() throws IOException {
    try (Attached attached = borrowed.attach(sites.appliances())) {
      assertThat(attached.isThere()).isTrue();
      assertThatThrownBy(() -> borrowed.attach(sites.appliances()))
          .isInstanceOfSatisfying(
              FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.BUSY));
    }
  }

  @Test
  void aReplicaIsPoweredOnOnlyAfterItsDiskCameBack() throws IOException {
    borrowed.leaveBehind();

    var _ =
        new VsphereVmActivities(sites.vcenters())
            .powerOnVm(new ChangePower(mandate(2), sites.replica().recovery()));

    assertThat(sites.powerOfReplica()).isEqualTo(ON);
    assertThat(sites.borrowedAtRecovery()).isEmpty();
  }

  @Test
  void aSnapshotIsTakenOnlyAfterTheDiskCameBack() throws IOException {
    borrowed.leaveBehind();

    sites.snapshotReplica("point");

    assertThat(sites.borrowedAtRecovery()).isEmpty();
  }

  @Test
  void aReplicaIsReshapedOnlyAfterItsDiskCameBack() throws IOException {
    borrowed.leaveBehind();
    VmRef replica = sites.replica().recovery();
    Machine now =
        Machine.read(sites.recoveryVcenter(), replica, VsphereInventoryActivities.PROFILE);
    VmProfile is =
        VsphereInventoryActivities.profile(
            "munich", now.row(), SiteNames.read(now.vcenter()), List.of());

    var _ =
        new VspherePlaceholderActivities(sites.vcenters())
            .reshapeVm(
                new ReshapeVm(
                    mandate(2),
                    replica,
                    is.vm().name(),
                    is.hardware(),
                    sites.replica().disks(),
                    sites.replica().disks().stream()
                        .map(pair -> new DiskShape(pair.productionDisk(), pair.capacityBytes()))
                        .toList()));

    assertThat(sites.borrowedAtRecovery()).isEmpty();
  }

  @Test
  void aSnapshotIsRemovedOnlyAfterItsDiskCameBack() throws IOException {
    sites.snapshot("one");
    FrozenDisk frozen =
        FrozenDisk.find(
            "read",
            sites.vcenters().at("berlin"),
            sites.replica().production(),
            "one",
            disk.productionDisk());
    VsphereDiskSource left = frozen.open("read", sites.deadWorker().at("read", "berlin"));
    assertThat(left.capacityBytes()).isEqualTo(disk.capacityBytes());
    assertThat(sites.borrowedAtProduction()).hasSize(1);

    var _ =
        new VsphereSnapshotActivities(sites.vcenters())
            .removeSnapshot(new ChangeSnapshot(mandate(2), sites.replica().production(), "one"));

    assertThat(sites.borrowedAtProduction()).isEmpty();
  }

  @Test
  void aWorkerOnNoApplianceLeavesTheDiskToAnother() {
    sites.snapshot("one");
    VsphereTransferActivities elsewhere = sites.workerElsewhere();
    try (PortCaller<TransferActivities> transfers =
        new PortCaller<>(TransferActivities.class, elsewhere)) {
      assertThatThrownBy(() -> transfers.call().transferDisk(request(1)))
          .isInstanceOfSatisfying(
              FaultException.class,
              e -> {
                assertThat(e.fault()).isEqualTo(Fault.BUSY);
                assertThat(e.sentence()).contains("--appliance munich=");
              });
    }
  }

  private TransferDisk request(long epoch) {
    return new TransferDisk(
        mandate(epoch),
        sites.replica().production(),
        "one",
        sites.replica().recovery(),
        disk,
        null);
  }

  private static Mandate mandate(long epoch) {
    return new Mandate("cycle/" + epoch, "transfer", new Fence(1, epoch, 1, 0));
  }
}
