package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.DiskPair;
import io.switchback.model.DiskShape;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.PowerState;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.PlaceholderActivities.Placed;
import io.switchback.port.PlaceholderActivities.ReshapeVm;
import io.switchback.port.PlaceholderActivities.Reshaped;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link PlaceholderActivities} promises of VMs whose shape changes. */
public abstract class ReshapingContract extends PlacedVmContract {
  @Test
  void addsADiskThatProductionHasGained() {
    Placed placed = port.call().placeVm(place(1));
    DiskShape gained = new DiskShape("disk-c", 3 * MIB);

    Reshaped reshaped =
        reshape(placed.vm(), placed.disks(), List.of(DISKS.get(0), DISKS.get(1), gained), 2);

    assertThat(reshaped.changed()).isTrue();
    assertThat(reshaped.disks().subList(0, 2)).isEqualTo(placed.disks());
    DiskPair added = reshaped.disks().getLast();
    assertThat(added.productionDisk()).isEqualTo("disk-c");
    assertThat(look(placed.vm()).disks())
        .contains(new DiskShape(added.recoveryDisk(), 3 * MIB))
        .hasSize(3);
  }

  @Test
  void growsADiskAndKeepsWhatItHolds() {
    Placed placed = port.call().placeVm(place(1));
    String disk = placed.disks().getFirst().recoveryDisk();
    site.write(placed.vm(), disk, 4096, bytes("kept"));

    Reshaped reshaped =
        reshape(
            placed.vm(),
            placed.disks(),
            List.of(new DiskShape("disk-a", 4 * MIB), DISKS.get(1)),
            2);

    assertThat(reshaped.disks().getFirst()).isEqualTo(new DiskPair("disk-a", disk, 4 * MIB));
    assertThat(look(placed.vm()).disks()).contains(new DiskShape(disk, 4 * MIB));
    assertThat(text(placed.vm(), disk, 4)).isEqualTo("kept");
  }

  @Test
  void takesAwayADiskThatProductionHasLost() {
    Placed placed = port.call().placeVm(place(1));

    Reshaped reshaped = reshape(placed.vm(), placed.disks(), DISKS.subList(1, 2), 2);

    assertThat(reshaped.disks()).containsExactly(placed.disks().get(1));
    assertThat(look(placed.vm()).disks())
        .extracting(DiskShape::id)
        .containsExactly(placed.disks().get(1).recoveryDisk());
  }

  @Test
  void givesANewDiskInPlaceOfOneThatHasShrunk() {
    Placed placed = port.call().placeVm(place(1));

    Reshaped reshaped =
        reshape(
            placed.vm(), placed.disks(), List.of(DISKS.get(0), new DiskShape("disk-b", MIB)), 2);

    DiskPair shrunk = reshaped.disks().getLast();
    assertThat(shrunk.recoveryDisk()).isNotEqualTo(placed.disks().getLast().recoveryDisk());
    assertThat(look(placed.vm()).disks())
        .containsExactlyInAnyOrder(
            new DiskShape(placed.disks().getFirst().recoveryDisk(), MIB),
            new DiskShape(shrunk.recoveryDisk(), MIB));
  }

  @Test
  void carriesNameAndHardwareOver() {
    Placed placed = port.call().placeVm(place(1));
    Hardware larger =
        new Hardware(
            8,
            4L << 30,
            Firmware.BIOS,
            List.of(new Nic("dr-lan", true, List.of()), new Nic("dr-dmz", false, List.of())));

    Reshaped reshaped =
        port.call()
            .reshapeVm(
                new ReshapeVm(
                    step(2), placed.vm(), "shop-01_replica", larger, placed.disks(), DISKS));

    assertThat(reshaped.changed()).isTrue();
    assertThat(reshaped.vm().id()).isEqualTo(placed.vm().id());
    assertThat(plain(look(placed.vm()).hardware())).isEqualTo(larger);
    assertThat(look(placed.vm()).vm().name()).isEqualTo("shop-01_replica");
  }

  @Test
  void movesToAnotherHostAndFolderAndStaysWhereNothingIsSaid() {
    Placed placed = port.call().placeVm(request(1, DISKS, null, Placement.ANYWHERE));
    Placement stood = look(placed.vm()).placement();
    Placement to = new Placement(site.placement().host(), "", "dr/web");

    Reshaped moved = port.attempt(1).reshapeVm(moved(placed, to, 2));
    Reshaped again = port.attempt(2).reshapeVm(moved(placed, to, 2));
    Reshaped left = port.call().reshapeVm(moved(placed, Placement.ANYWHERE, 3));

    assertThat(moved.changed()).isTrue();
    assertThat(again.changed()).isFalse();
    assertThat(left.changed()).isFalse();
    assertThat(look(placed.vm()).placement())
        .isEqualTo(new Placement(to.host(), stood.datastore(), "dr/web"));
  }

  private static ReshapeVm moved(Placed placed, Placement to, long number) {
    return new ReshapeVm(
        step(number), placed.vm(), "web-01_replica", HARDWARE, placed.disks(), DISKS, to);
  }

  @Test
  void changesNothingWhenTheShapeIsSoAlready() {
    Placed placed = port.call().placeVm(place(1));
    VmProfile before = look(placed.vm());

    Reshaped reshaped = reshape(placed.vm(), placed.disks(), DISKS, 2);

    assertThat(reshaped.changed()).isFalse();
    assertThat(reshaped.disks()).isEqualTo(placed.disks());
    assertThat(look(placed.vm())).isEqualTo(before);
  }

  @Test
  void reshapesOnceWhenTheAnswerOfTheFirstAttemptWasLost() {
    Placed placed = port.call().placeVm(place(1));
    List<DiskShape> gained = List.of(DISKS.get(0), DISKS.get(1), new DiskShape("disk-c", MIB));
    ReshapeVm request =
        new ReshapeVm(step(2), placed.vm(), "web-01_replica", HARDWARE, placed.disks(), gained);
    Reshaped first = port.attempt(1).reshapeVm(request);

    Reshaped second = port.attempt(2).reshapeVm(request);

    assertThat(second.changed()).isFalse();
    assertThat(second.disks()).isEqualTo(first.disks());
    assertThat(look(placed.vm()).disks()).hasSize(3);
  }

  @Test
  void reshapesNoVmThatRuns() {
    Placed placed = port.call().placeVm(place(1));
    site.power(placed.vm(), PowerState.ON);

    assertFault(
        Fault.WRONG_POWER_STATE,
        () -> reshape(placed.vm(), placed.disks(), DISKS.subList(0, 1), 2));
  }

  @Test
  void saysThatTheVmToReshapeIsGone() {
    assertFault(Fault.VM_NOT_FOUND, () -> reshape(nobody(), List.of(), DISKS, 1));
  }

  @Test
  void refusesALateAttemptToReshape() {
    Placed placed = port.call().placeVm(place(5));

    assertFault(Fault.FENCED, () -> reshape(placed.vm(), placed.disks(), DISKS.subList(0, 1), 2));
    assertThat(look(placed.vm()).disks()).hasSize(2);
  }

  @Test
  void saysThatNobodyAnswersWhoeverReshapes() {
    VmRef vm = port.call().placeVm(place(1)).vm();
    site.breakSite();

    assertFault(Fault.SITE_UNREACHABLE, () -> reshape(vm, List.of(), DISKS, 2));
  }

  private Reshaped reshape(
      VmRef vm, List<DiskPair> known, List<DiskShape> production, long number) {
    return port.call()
        .reshapeVm(new ReshapeVm(step(number), vm, "web-01_replica", HARDWARE, known, production));
  }
}
