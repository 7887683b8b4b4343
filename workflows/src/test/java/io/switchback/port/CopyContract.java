package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.DiskShape;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.PowerState;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.CopyActivities.Copied;
import io.switchback.port.CopyActivities.Copy;
import io.switchback.port.CopyActivities.CopyVm;
import io.switchback.port.CopyActivities.ListCopies;
import io.switchback.port.CopyActivities.RemoveCopy;
import io.switchback.port.DrillNetworkActivities.MakeDrillNetworks;
import io.switchback.port.InventoryActivities.FindVms;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link CopyActivities} promises. */
public abstract class CopyContract extends PlacedVmContract {
  private static final String COPY = "drill-7/web-01.7";
  private static final String POINT = "point-1";

  private CopyFixture ground;
  private PortCaller<CopyActivities> copies;
  private PortCaller<DrillNetworkActivities> networks;
  private PortCaller<SnapshotActivities> snapshots;
  private PortCaller<InventoryActivities> inventory;
  private VmRef replica;
  private String network;

  @Override
  protected abstract CopyFixture open() throws Exception;

  /** A replica whose disk holds one thing at its snapshot and another one by now. */
  @BeforeEach
  final void openCopies() {
    ground = (CopyFixture) site;
    copies = new PortCaller<>(CopyActivities.class, ground.copies());
    networks = new PortCaller<>(DrillNetworkActivities.class, ground.drillNetworks());
    snapshots = new PortCaller<>(SnapshotActivities.class, ground.snapshots());
    inventory = new PortCaller<>(InventoryActivities.class, ground.inventory());
    replica = port.call().placeVm(place(1)).vm();
    site.write(replica, diskOf(replica), 4096, bytes("at the point"));
    site.snapshot(replica, step(2), POINT);
    site.write(replica, diskOf(replica), 4096, bytes("later"));
    network =
        networks
            .call()
            .makeDrillNetworks(
                new MakeDrillNetworks(
                    step(1), site.site(), "drill-7", site.placement().host(), List.of("dr-lan")))
            .networks()
            .values()
            .iterator()
            .next();
  }

  @AfterEach
  final void closeCopies() {
    copies.close();
    networks.close();
    snapshots.close();
    inventory.close();
  }

  private String diskOf(VmRef vm) {
    return look(vm).disks().getFirst().id();
  }

  @Test
  void beginsWithWhatTheSnapshotHolds() {
    VmRef copy = copies.call().copyVm(request(1)).vm();

    assertThat(text(copy, diskOf(copy), 12)).isEqualTo("at the point");
  }

  @Test
  void copiesWholeDisksAsWell() {
    Copied copy = copies.call().copyVm(asked(1, COPY, "web-01_drill", POINT, false));

    assertThat(copy.linked()).isFalse();
    assertThat(text(copy.vm(), diskOf(copy.vm()), 12)).isEqualTo("at the point");
  }

  @Test
  void hasTheHardwareOfTheReplicaAndTheCardsOfTheDrill() {
    VmProfile copy = look(copies.call().copyVm(request(1)).vm());

    assertThat(copy.vm().name()).isEqualTo("web-01_drill");
    assertThat(copy.power()).isEqualTo(PowerState.OFF);
    assertThat(plain(copy.hardware())).isEqualTo(HARDWARE.with(cards(network)));
    assertThat(copy.disks())
        .extracting(DiskShape::capacityBytes)
        .containsExactlyElementsOf(DISKS.stream().map(DiskShape::capacityBytes).toList());
  }

  @Test
  void leavesTheReplicaAsItIs() {
    VmProfile before = look(replica);
    VmRef copy = copies.call().copyVm(request(1)).vm();
    site.write(copy, diskOf(copy), 4096, bytes("by the drill"));

    assertThat(look(replica)).isEqualTo(before);
    assertThat(text(replica, diskOf(replica), 5)).isEqualTo("later");
    assertThat(snapshots.call().listSnapshots(new ListSnapshots(replica)).names())
        .containsExactly(POINT);
  }

  @Test
  void isNobodysReplica() {
    VmRef copy = copies.call().copyVm(request(1)).vm();

    assertThat(site.managedBy(copy)).isEmpty();
    assertThat(site.managedBy(replica)).isEqualTo(REPLICA);
    assertThat(port.call().placeVm(place(3)).vm()).isEqualTo(replica);
  }

  @Test
  void isFoundByNoRule() {
    copies.call().copyVm(request(1));

    assertThat(inventory.call().findVms(new FindVms(site.site(), List.of(), "", "")).vms())
        .isEmpty();
  }

  @Test
  void makesOneWhenTheAnswerOfTheFirstAttemptWasLost() {
    Copied first = copies.attempt(1).copyVm(request(1));
    Copied second = copies.attempt(2).copyVm(request(1));

    assertThat(first.changed()).isTrue();
    assertThat(second).isEqualTo(new Copied(first.vm(), first.linked(), false, 2));
    assertThat(site.vms()).isEqualTo(2);
  }

  @Test
  void makesSeveralOfOneSnapshot() {
    VmRef one = copies.call().copyVm(request(1)).vm();
    VmRef other = copies.call().copyVm(asked(1, "drill-8/web-01.7", "other", POINT, true)).vm();

    assertThat(other).isNotEqualTo(one);
    assertThat(copies.call().listCopies(new ListCopies(site.site())).copies())
        .containsExactly(new Copy("drill-8/web-01.7", other), new Copy(COPY, one));
  }

  @Test
  void knowsNoSuchSnapshot() {
    assertFault(
        Fault.RESTORE_POINT_NOT_FOUND,
        () -> copies.call().copyVm(asked(1, COPY, "web-01_drill", "never", true)));
    assertThat(site.vms()).isEqualTo(1);
  }

  @Test
  void knowsNoSuchVm() {
    CopyVm ofNobody =
        new CopyVm(step(1), nobody(), POINT, COPY, "copy", true, site.placement(), cards(network));

    assertFault(Fault.VM_NOT_FOUND, () -> copies.call().copyVm(ofNobody));
  }

  @Test
  void doesNotTakeANameThatAnotherVmHas() {
    assertFault(
        Fault.INVALID_INPUT,
        () -> copies.call().copyVm(asked(1, COPY, "web-01_replica", POINT, true)));
    assertThat(site.vms()).isEqualTo(1);
  }

  @Test
  void isPluggedIntoNothingButADrillsNetworks() {
    CopyVm intoProduction =
        new CopyVm(
            step(1), replica, POINT, COPY, "web-01_drill", true, site.placement(), cards("dr-lan"));

    assertFault(Fault.REFUSED, () -> copies.call().copyVm(intoProduction));
    assertThat(site.vms()).isEqualTo(1);
  }

  @Test
  void isNotPluggedIntoADrillsNetworkThatReachesSomething() {
    ground.connect(network);

    assertFault(Fault.REFUSED, () -> copies.call().copyVm(request(1)));
    assertThat(site.vms()).isEqualTo(1);
  }

  @Test
  void knowsNoSuchHost() {
    CopyVm nowhere =
        new CopyVm(
            step(1),
            replica,
            POINT,
            COPY,
            "web-01_drill",
            true,
            new Placement("nowhere", "", ""),
            cards(network));

    assertFault(Fault.INVALID_INPUT, () -> copies.call().copyVm(nowhere));
    assertThat(site.vms()).isEqualTo(1);
  }

  @Test
  void outlivesItsSnapshotOrHoldsIt() {
    Copied copy = copies.call().copyVm(request(1));
    ChangeSnapshot removal = new ChangeSnapshot(step(3), replica, POINT);

    if (copy.linked()) {
      assertFault(Fault.DISK_IN_USE, () -> snapshots.call().removeSnapshot(removal));
    } else {
      assertThat(snapshots.call().removeSnapshot(removal).changed()).isTrue();
    }
    assertThat(text(copy.vm(), diskOf(copy.vm()), 12)).isEqualTo("at the point");
    copies.call().removeCopy(remove(2));
    snapshots.call().removeSnapshot(new ChangeSnapshot(step(4), replica, POINT));
    assertThat(snapshots.call().listSnapshots(new ListSnapshots(replica)).names()).isEmpty();
    assertThat(text(replica, diskOf(replica), 5)).isEqualTo("later");
  }

  @Test
  void outlivesTheSnapshotsBelowItsOwnOrHoldsThem() {
    site.snapshot(replica, step(3), "point-2");
    site.write(replica, diskOf(replica), 4096, bytes("last"));
    Copied copy = copies.call().copyVm(asked(4, COPY, "web-01_drill", "point-2", true));
    ChangeSnapshot older = new ChangeSnapshot(step(5), replica, POINT);

    if (copy.linked()) {
      assertFault(Fault.DISK_IN_USE, () -> snapshots.call().removeSnapshot(older));
    } else {
      assertThat(snapshots.call().removeSnapshot(older).changed()).isTrue();
    }
    assertThat(text(copy.vm(), diskOf(copy.vm()), 5)).isEqualTo("later");
  }

  @Test
  void letsTheSnapshotsAboveItsOwnGo() {
    site.snapshot(replica, step(3), "point-2");
    Copied copy = copies.call().copyVm(request(4));

    assertThat(
            snapshots
                .call()
                .removeSnapshot(new ChangeSnapshot(step(5), replica, "point-2"))
                .changed())
        .isTrue();
    assertThat(text(copy.vm(), diskOf(copy.vm()), 12)).isEqualTo("at the point");
  }

  @Test
  void keepsTheReplicaThatItSharesFilesWith() {
    Copied copy = copies.call().copyVm(request(1));
    PlaceholderActivities.ChangeVm removal =
        new PlaceholderActivities.ChangeVm(step(3), REPLICA, replica);

    if (copy.linked()) {
      assertFault(Fault.DISK_IN_USE, () -> port.call().removeVm(removal));
    } else {
      assertThat(port.call().removeVm(removal).changed()).isTrue();
    }
    assertThat(text(copy.vm(), diskOf(copy.vm()), 12)).isEqualTo("at the point");
  }

  @Test
  void isRemovedOnce() {
    VmRef copy = copies.call().copyVm(request(1)).vm();

    assertThat(copies.attempt(1).removeCopy(remove(2))).isEqualTo(new Done(true, 1));
    assertThat(copies.attempt(2).removeCopy(remove(2))).isEqualTo(new Done(false, 2));
    assertThat(site.look(copy)).isEmpty();
    assertThat(site.look(replica)).isPresent();
    assertThat(copies.call().listCopies(new ListCopies(site.site())).copies()).isEmpty();
  }

  @Test
  void isNotRemovedWhileItRuns() {
    VmRef copy = copies.call().copyVm(request(1)).vm();
    site.power(copy, PowerState.ON);

    assertFault(Fault.WRONG_POWER_STATE, () -> copies.call().removeCopy(remove(2)));
    assertThat(site.look(copy)).isPresent();
  }

  @Test
  void refusesALateAttemptToCopy() {
    copies.call().copyVm(request(1));
    copies.call().removeCopy(remove(5));

    assertFault(Fault.FENCED, () -> copies.call().copyVm(request(1)));
    assertThat(site.vms()).isEqualTo(1);
  }

  @Test
  void refusesALateAttemptToCopyWhatWasGivenUpBefore() {
    assertThat(copies.call().removeCopy(remove(5))).isEqualTo(new Done(false, 1));

    assertFault(Fault.FENCED, () -> copies.call().copyVm(request(1)));
    assertThat(site.vms()).isEqualTo(1);
  }

  @Test
  void refusesALateAttemptToRemove() {
    VmRef copy = copies.call().copyVm(request(5)).vm();

    assertFault(Fault.FENCED, () -> copies.call().removeCopy(remove(2)));
    assertThat(site.look(copy)).isPresent();
  }

  @Test
  void saysThatNobodyAnswers() {
    site.breakSite();

    assertFault(Fault.SITE_UNREACHABLE, () -> copies.call().copyVm(request(1)));
    assertFault(Fault.SITE_UNREACHABLE, () -> copies.call().removeCopy(remove(2)));
    assertFault(
        Fault.SITE_UNREACHABLE, () -> copies.call().listCopies(new ListCopies(site.site())));
  }

  private CopyVm request(long number) {
    return asked(number, COPY, "web-01_drill", POINT, true);
  }

  private CopyVm asked(long number, String copyId, String name, String snapshot, boolean linked) {
    return new CopyVm(
        step(number), replica, snapshot, copyId, name, linked, site.placement(), cards(network));
  }

  private static List<Nic> cards(String network) {
    return List.of(new Nic(network, true, List.of()));
  }

  private RemoveCopy remove(long number) {
    return new RemoveCopy(step(number), COPY, replica);
  }
}
