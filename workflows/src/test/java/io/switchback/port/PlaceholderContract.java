package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.DiskFormat;
import io.switchback.model.DiskPair;
import io.switchback.model.DiskShape;
import io.switchback.model.PowerState;
import io.switchback.model.Seed;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.PlaceholderActivities.ChangeVm;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import io.switchback.port.PlaceholderActivities.Placed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link PlaceholderActivities} promises of VMs that come and go. */
public abstract class PlaceholderContract extends PlacedVmContract {
  @Test
  void makesAVmOfProductionsShape() {
    Placed placed = port.call().placeVm(place(1));

    assertThat(placed.changed()).isTrue();
    VmProfile made = look(placed.vm());
    assertThat(made.vm().name()).isEqualTo("web-01_replica");
    assertThat(made.power()).isEqualTo(PowerState.OFF);
    assertThat(plain(made.hardware())).isEqualTo(HARDWARE);
    assertThat(placed.disks())
        .extracting(DiskPair::productionDisk, DiskPair::capacityBytes)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("disk-a", MIB),
            org.assertj.core.api.Assertions.tuple("disk-b", 2 * MIB));
    assertThat(made.disks())
        .containsExactlyInAnyOrderElementsOf(
            placed.disks().stream()
                .map(pair -> new DiskShape(pair.recoveryDisk(), pair.capacityBytes()))
                .toList());
  }

  @Test
  void marksTheVmSoThatNobodyStartsItByAccident() {
    assertThat(site.managedBy(port.call().placeVm(place(1)).vm())).isEqualTo(REPLICA);
  }

  @Test
  void makesOneVmWhenTheAnswerOfTheFirstAttemptWasLost() {
    Placed first = port.attempt(1).placeVm(place(1));
    Placed second = port.attempt(2).placeVm(place(1));

    assertThat(second).isEqualTo(new Placed(first.vm(), first.disks(), false, 2));
    assertThat(site.vms()).isEqualTo(1);
  }

  @Test
  void doesNotTakeANameThatAnotherVmHas() {
    site.vm("web-01_replica", 1, "", List.of());

    assertFault(Fault.INVALID_INPUT, () -> port.call().placeVm(place(1)));
    assertThat(site.vms()).isEqualTo(1);
  }

  @Test
  void refusesALateAttemptToPlace() {
    Placed placed = port.call().placeVm(place(1));
    port.call().removeVm(change(placed.vm(), 5));

    assertFault(Fault.FENCED, () -> port.call().placeVm(place(1)));
    assertThat(site.vms()).isZero();
  }

  @Test
  void refusesALateAttemptToPlaceWhatWasGivenUpBefore() {
    VmRef guess = new VmRef(site.site(), "web-01_replica", "web-01_replica");

    assertThat(port.call().removeVm(change(guess, 5))).isEqualTo(new Done(false, 1));

    assertFault(Fault.FENCED, () -> port.call().placeVm(place(1)));
    assertThat(site.vms()).isZero();
  }

  @Test
  void findsTheVmToRemoveByItsNameAsWell() {
    Placed placed = port.call().placeVm(place(1));
    VmRef guess = new VmRef(site.site(), "web-01_replica", "web-01_replica");

    assertThat(port.call().removeVm(change(guess, 2)).changed()).isTrue();
    assertThat(site.look(placed.vm())).isEmpty();
  }

  @Test
  void beginsFromASeedAndKeepsWhatItHolds() {
    VmRef seed = site.vm("old-web", 2, "", List.of());
    String disk = look(seed).disks().getFirst().id();
    site.write(seed, disk, 4096, bytes("was here"));

    Placed placed = port.call().placeVm(seeded(1, new Seed("old-web", Map.of())));

    assertThat(placed.vm()).isEqualTo(seed);
    assertThat(placed.changed()).isTrue();
    assertThat(placed.disks()).extracting(DiskPair::recoveryDisk).first().isEqualTo(disk);
    assertThat(site.managedBy(seed)).isEqualTo(REPLICA);
    assertThat(text(seed, disk, 8)).isEqualTo("was here");
  }

  @Test
  void pairsASeedsDisksAsAskedFor() {
    VmRef seed = site.vm("old-web", 2, "", List.of());
    List<String> disks = look(seed).disks().stream().map(DiskShape::id).toList();

    Placed placed =
        port.call()
            .placeVm(
                seeded(
                    1,
                    new Seed("old-web", Map.of("disk-a", disks.get(1), "disk-b", disks.get(0)))));

    assertThat(placed.disks())
        .extracting(DiskPair::recoveryDisk)
        .containsExactly(disks.get(1), disks.get(0));
  }

  @Test
  void answersASeedAgainWhenTheFirstAnswerWasLost() {
    site.vm("old-web", 2, "", List.of());
    Placed first = port.attempt(1).placeVm(seeded(1, new Seed("old-web", Map.of())));

    Placed second = port.attempt(2).placeVm(seeded(1, new Seed("old-web", Map.of())));

    assertThat(second).isEqualTo(new Placed(first.vm(), first.disks(), false, 2));
  }

  @Test
  void refusesASeedOfAnotherShape() {
    VmRef seed = site.vm("old-web", 1, "", List.of());

    assertFault(
        Fault.SHAPE_CHANGED, () -> port.call().placeVm(seeded(1, new Seed("old-web", Map.of()))));
    assertThat(site.managedBy(seed)).isEmpty();
  }

  @Test
  void refusesASeedThatRuns() {
    VmRef seed = site.vm("old-web", 2, "", List.of());
    site.power(seed, PowerState.ON);

    assertFault(
        Fault.WRONG_POWER_STATE,
        () -> port.call().placeVm(seeded(1, new Seed("old-web", Map.of()))));
    assertThat(site.managedBy(seed)).isEmpty();
  }

  @Test
  void makesDisksThatTakeRoomAsTheyAreWrittenOrAtOnce() {
    long capacity = DISKS.stream().mapToLong(DiskShape::capacityBytes).sum();
    long before = site.takenBytes();
    VmRef thin = port.call().placeVm(place(1)).vm();

    assertThat(site.takenBytes() - before).isLessThan(capacity / 2);
    port.call().removeVm(change(thin, 2));
    VmRef thick = port.call().placeVm(place(3, DiskFormat.THICK)).vm();

    assertThat(site.takenBytes() - before).isGreaterThanOrEqualTo(capacity);
    String disk = look(thick).disks().getFirst().id();
    assertThat(site.read(thick, disk, 0, 16)).isEqualTo(new byte[16]);
  }

  @Test
  void refusesAnotherReplicasVmAsSeed() {
    port.call().placeVm(place(1));

    PlaceVm second =
        new PlaceVm(
            step(2),
            site.site(),
            "db-01.8",
            "db-01_replica",
            HARDWARE,
            DISKS,
            site.placement(),
            new Seed("web-01_replica", Map.of()));
    assertFault(Fault.REFUSED, () -> port.call().placeVm(second));
  }

  @Test
  void saysThatThereIsNoSeed() {
    assertFault(
        Fault.VM_NOT_FOUND, () -> port.call().placeVm(seeded(1, new Seed("nobody", Map.of()))));
  }

  @Test
  void removesTheVmOnce() {
    VmRef vm = port.call().placeVm(place(1)).vm();
    site.snapshot(vm, step(2), "point-1");

    assertThat(port.attempt(1).removeVm(change(vm, 3))).isEqualTo(new Done(true, 1));
    assertThat(port.attempt(2).removeVm(change(vm, 3))).isEqualTo(new Done(false, 2));
    assertThat(site.look(vm)).isEmpty();
    assertThat(site.vms()).isZero();
  }

  @Test
  void removesNobodysOwnVm() {
    VmRef vm = site.vm("web-01", 1, "", List.of());

    assertFault(Fault.REFUSED, () -> port.call().removeVm(change(vm, 1)));
    assertThat(site.look(vm)).isPresent();
  }

  @Test
  void removesNoVmThatRuns() {
    VmRef vm = port.call().placeVm(place(1)).vm();
    site.power(vm, PowerState.ON);

    assertFault(Fault.WRONG_POWER_STATE, () -> port.call().removeVm(change(vm, 2)));
    assertThat(site.look(vm)).isPresent();
  }

  @Test
  void refusesALateAttemptToRemove() {
    VmRef vm = port.call().placeVm(place(5)).vm();

    assertFault(Fault.FENCED, () -> port.call().removeVm(change(vm, 2)));
    assertThat(site.look(vm)).isPresent();
  }

  @Test
  void leavesTheVmToThePeopleOfTheSite() {
    VmRef vm = port.call().placeVm(place(1)).vm();

    assertThat(port.attempt(1).leaveVm(change(vm, 2))).isEqualTo(new Done(true, 1));
    assertThat(site.managedBy(vm)).isEmpty();
    assertThat(port.attempt(2).leaveVm(change(vm, 2))).isEqualTo(new Done(false, 2));
    assertThat(site.look(vm)).isPresent();
  }

  @Test
  void hasNothingToLeaveWhenTheVmIsGone() {
    assertThat(port.call().leaveVm(change(nobody(), 1))).isEqualTo(new Done(false, 1));
  }

  @Test
  void refusesALateAttemptToLeave() {
    VmRef vm = port.call().placeVm(place(5)).vm();

    assertFault(Fault.FENCED, () -> port.call().leaveVm(change(vm, 2)));
    assertThat(site.managedBy(vm)).isEqualTo(REPLICA);
  }

  @Test
  void saysThatNobodyAnswers() {
    VmRef vm = port.call().placeVm(place(1)).vm();
    site.breakSite();

    assertFault(Fault.SITE_UNREACHABLE, () -> port.call().placeVm(place(2)));
    assertFault(Fault.SITE_UNREACHABLE, () -> port.call().removeVm(change(vm, 3)));
    assertFault(Fault.SITE_UNREACHABLE, () -> port.call().leaveVm(change(vm, 4)));
  }

  private PlaceVm place(long number, DiskFormat format) {
    return new PlaceVm(
        step(number),
        site.site(),
        REPLICA,
        "web-01_replica",
        HARDWARE,
        DISKS,
        site.placement(),
        null,
        format);
  }

  /** A seed's disks are of 1 MiB each. */
  private PlaceVm seeded(long number, Seed seed) {
    return request(
        number, List.of(new DiskShape("disk-a", MIB), new DiskShape("disk-b", MIB)), seed);
  }

  private static ChangeVm change(VmRef vm, long number) {
    return new ChangeVm(step(number), REPLICA, vm);
  }
}
