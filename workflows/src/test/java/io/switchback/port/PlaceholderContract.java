package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.DiskFormat;
import io.switchback.model.DiskPair;
import io.switchback.model.DiskShape;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.PowerState;
import io.switchback.model.Seed;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.PlaceholderActivities.ChangeVm;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import io.switchback.port.PlaceholderActivities.Placed;
import io.switchback.port.PlaceholderActivities.ReshapeVm;
import io.switchback.port.PlaceholderActivities.Reshaped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link PlaceholderActivities} promises. */
public abstract class PlaceholderContract extends PlacementContract {
  private static final String REPLICA = "web-01.7";

  private static final Hardware HARDWARE =
      new Hardware(2, 2L << 30, Firmware.EFI, List.of(new Nic("dr-lan", true, List.of())));

  private static final List<DiskShape> DISKS =
      List.of(new DiskShape("disk-a", MIB), new DiskShape("disk-b", 2 * MIB));

  private PortCaller<PlaceholderActivities> port;

  @BeforeEach
  final void openPort() {
    port = new PortCaller<>(PlaceholderActivities.class, site.placeholders());
  }

  @AfterEach
  final void closePort() {
    port.close();
  }

  @Test
  void makesAVmOfProductionsShape() {
    Placed placed = port.call().placeVm(place(1));

    assertThat(placed.changed()).isTrue();
    VmProfile made = look(placed.vm());
    assertThat(made.vm().name()).isEqualTo("web-01_replica");
    assertThat(made.power()).isEqualTo(PowerState.OFF);
    assertThat(made.hardware()).isEqualTo(HARDWARE);
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
    assertThat(look(placed.vm()).hardware()).isEqualTo(larger);
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
  void saysThatNobodyAnswers() {
    VmRef vm = port.call().placeVm(place(1)).vm();
    site.breakSite();

    assertFault(Fault.SITE_UNREACHABLE, () -> port.call().placeVm(place(2)));
    assertFault(Fault.SITE_UNREACHABLE, () -> port.call().removeVm(change(vm, 3)));
    assertFault(Fault.SITE_UNREACHABLE, () -> port.call().leaveVm(change(vm, 4)));
    assertFault(Fault.SITE_UNREACHABLE, () -> reshape(vm, List.of(), DISKS, 5));
  }

  private Reshaped reshape(
      VmRef vm, List<DiskPair> known, List<DiskShape> production, long number) {
    return port.call()
        .reshapeVm(new ReshapeVm(step(number), vm, "web-01_replica", HARDWARE, known, production));
  }

  private PlaceVm place(long number) {
    return request(number, DISKS, null);
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

  private PlaceVm request(long number, List<DiskShape> disks, @Nullable Seed seed) {
    return request(number, disks, seed, site.placement());
  }

  private PlaceVm request(
      long number, List<DiskShape> disks, @Nullable Seed seed, Placement placement) {
    return new PlaceVm(
        step(number), site.site(), REPLICA, "web-01_replica", HARDWARE, disks, placement, seed);
  }

  private static ChangeVm change(VmRef vm, long number) {
    return new ChangeVm(step(number), REPLICA, vm);
  }

  private VmProfile look(VmRef vm) {
    return site.look(vm).orElseThrow();
  }

  private String text(VmRef vm, String disk, int length) {
    return new String(site.read(vm, disk, 4096, length), StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
