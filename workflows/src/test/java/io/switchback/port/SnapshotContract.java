package io.switchback.port;

import static io.switchback.model.PowerState.OFF;
import static io.switchback.model.PowerState.ON;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Consistency;
import io.switchback.model.VmRef;
import io.switchback.port.GuestActivities.AwaitGuest;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import io.switchback.port.SnapshotActivities.Reverted;
import io.switchback.port.SnapshotActivities.Snapshot;
import io.switchback.port.SnapshotActivities.Snapshots;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link SnapshotActivities} promises. */
public abstract class SnapshotContract extends SiteContract {
  private PortCaller<SnapshotActivities> snapshots;

  @BeforeEach
  final void openPort() {
    snapshots = new PortCaller<>(SnapshotActivities.class, site.snapshots());
  }

  @AfterEach
  final void closePort() {
    snapshots.close();
  }

  @Test
  void snapshotsAllDisksOfTheVm() {
    write("first");

    Snapshot snapshot = create(1, "one");

    assertThat(snapshot.name()).isEqualTo("one");
    assertThat(site.effects(SiteEffect.CREATE_SNAPSHOT, vm)).isEqualTo(1);
    write("later");
    revert(2, "one");
    assertThat(site.disks(vm)).hasSizeGreaterThan(1);
    assertThat(content(5)).containsOnly("first");
  }

  @Test
  void answersTheSnapshotThatHasTheNameAlreadyAndMakesNone() {
    Snapshot first = create(1, "one");
    write("later");

    Snapshot second = snapshots.attempt(2).createSnapshot(request(1, "one"));

    assertThat(second.takenAt()).isEqualTo(first.takenAt());
    assertThat(second.changeIds()).isEqualTo(first.changeIds());
    assertThat(second.consistency()).isEqualTo(first.consistency());
    assertThat(site.effects(SiteEffect.CREATE_SNAPSHOT, vm)).isEqualTo(1);
    assertThat(list().names()).containsExactly("one");
  }

  @Test
  void givesTheSameNameToSnapshotsOfDifferentVms() {
    create(1, "one");

    snapshots.call().createSnapshot(new CreateSnapshot(step(1), site.other(), "one", false));

    assertThat(site.effects(SiteEffect.CREATE_SNAPSHOT, site.other())).isEqualTo(1);
  }

  @Test
  void letsTheGuestCompleteWhatIsHalfDoneWhenAskedToBeQuiesced() {
    powerOnUntilReady();

    Snapshot quiesced =
        snapshots.call().createSnapshot(new CreateSnapshot(step(1), vm, "one", true));
    Snapshot plain = create(2, "two");

    assertThat(quiesced.consistency()).isEqualTo(Consistency.APPLICATION);
    assertThat(plain.consistency()).isEqualTo(Consistency.CRASH);
  }

  @Test
  void saysCrashConsistentWhereTheGuestsToolsCannotHelp() {
    site.silenceGuest(vm);
    site.power(vm, ON);

    Snapshot snapshot =
        snapshots.call().createSnapshot(new CreateSnapshot(step(1), vm, "one", true));

    assertThat(snapshot.consistency()).isEqualTo(Consistency.CRASH);
  }

  @Test
  void answersAChangeIdForEachDiskWhereChangesAreTracked() {
    Map<String, String> changeIds = create(1, "one").changeIds();
    write("later");
    Map<String, String> later = create(2, "two").changeIds();

    if (!changeIds.isEmpty()) {
      assertThat(changeIds).containsOnlyKeys(site.disks(vm));
      assertThat(later).containsOnlyKeys(site.disks(vm)).isNotEqualTo(changeIds);
    }
  }

  @Test
  void listsSnapshotsOldestFirst() {
    assertThat(list()).isEqualTo(new Snapshots(List.of(), "", list().unsavedBytes()));
    create(1, "zulu");
    create(2, "alpha");
    create(3, "mike");

    assertThat(list().names()).containsExactly("zulu", "alpha", "mike");
    assertThat(list().current()).isEqualTo("mike");
    assertThat(list().unsavedBytes()).isZero();
  }

  @Test
  void answersWhatARevertWouldDiscard() {
    create(1, "one");
    write("discard me");

    long unsaved = list().unsavedBytes();
    Reverted reverted = revert(2, "one");

    assertThat(unsaved).isPositive();
    assertThat(reverted.discardedBytes()).isEqualTo(unsaved);
    assertThat(list().unsavedBytes()).isZero();
  }

  @Test
  void changesNothingByListing() {
    create(1, "one");
    write("later");
    Map<SiteEffect, Long> before = effects();

    list();

    assertThat(effects()).isEqualTo(before);
    assertThat(content(5)).containsOnly("later");
  }

  @Test
  void putsTheDisksBackToTheSnapshot() {
    write("first");
    create(1, "one");
    write("later");

    Reverted reverted = revert(2, "one");

    assertThat(reverted.changed()).isTrue();
    assertThat(content(5)).containsOnly("first");
    assertThat(list().current()).isEqualTo("one");
    assertThat(site.effects(SiteEffect.REVERT_TO_SNAPSHOT, vm)).isEqualTo(1);
  }

  @Test
  void keepsTheOtherSnapshotsWhenItReverts() {
    threeSnapshots();

    revert(4, "one");

    assertThat(list().names()).containsExactly("one", "two", "three");
    revert(5, "three");
    assertThat(content(5)).containsOnly("third");
    revert(6, "two");
    assertThat(content(5)).containsOnly("secnd");
  }

  @Test
  void revertsNothingWhenTheDisksAreAtTheSnapshotAlready() {
    create(1, "one");

    Reverted reverted = revert(2, "one");

    assertThat(reverted.changed()).isFalse();
    assertThat(reverted.discardedBytes()).isZero();
    assertThat(site.effects(SiteEffect.REVERT_TO_SNAPSHOT, vm)).isZero();
  }

  @Test
  void revertsOnceWhenTheAnswerOfTheFirstAttemptWasLost() {
    create(1, "one");
    write("later");
    revert(2, "one");

    Reverted second = snapshots.attempt(2).revertToSnapshot(change(2, "one"));

    assertThat(second).isEqualTo(new Reverted(false, 0, 2));
    assertThat(site.effects(SiteEffect.REVERT_TO_SNAPSHOT, vm)).isEqualTo(1);
  }

  @Test
  void refusesToRevertAVmThatRuns() {
    write("first");
    create(1, "one");
    write("later");
    site.power(vm, ON);

    assertFault(Fault.WRONG_POWER_STATE, () -> revert(2, "one"));

    site.power(vm, OFF);
    assertThat(content(5)).containsOnly("later");
  }

  @Test
  void namesASnapshotToRevertToThatIsNotThere() {
    create(1, "one");
    write("later");

    assertFault(Fault.RESTORE_POINT_NOT_FOUND, () -> revert(2, "other"));

    assertThat(content(5)).containsOnly("later");
  }

  @Test
  void keepsTheDisksWhenItRemovesASnapshot() {
    threeSnapshots();
    write("after");

    Done done = remove(4, "three");

    assertThat(done.changed()).isTrue();
    assertThat(content(5)).containsOnly("after");
    assertThat(list().names()).containsExactly("one", "two");
    assertThat(site.effects(SiteEffect.REMOVE_SNAPSHOT, vm)).isEqualTo(1);
  }

  @Test
  void keepsTheOtherSnapshotsWhenItRemovesTheOldest() {
    threeSnapshots();

    remove(4, "one");

    revert(5, "two");
    assertThat(content(5)).containsOnly("secnd");
    revert(6, "three");
    assertThat(content(5)).containsOnly("third");
  }

  @Test
  void keepsTheOtherSnapshotsWhenItRemovesOneBetween() {
    threeSnapshots();

    remove(4, "two");

    assertThat(content(5)).containsOnly("third");
    revert(5, "one");
    assertThat(content(5)).containsOnly("first");
    revert(6, "three");
    assertThat(content(5)).containsOnly("third");
  }

  @Test
  void canStillRevertWhenTheSnapshotThatTheDisksStoodOnWasRemoved() {
    threeSnapshots();
    remove(4, "three");

    Reverted reverted = revert(5, "two");

    assertThat(reverted.changed()).isTrue();
    assertThat(content(5)).containsOnly("secnd");
  }

  @Test
  void removesNothingWhenThereIsNoSnapshotOfThatName() {
    create(1, "one");

    Done done = remove(2, "other");

    assertThat(done.changed()).isFalse();
    assertThat(list().names()).containsExactly("one");
    assertThat(site.effects(SiteEffect.REMOVE_SNAPSHOT, vm)).isZero();
  }

  @Test
  void removesOnceWhenTheAnswerOfTheFirstAttemptWasLost() {
    create(1, "one");
    remove(2, "one");

    Done second = snapshots.attempt(2).removeSnapshot(change(2, "one"));

    assertThat(second).isEqualTo(new Done(false, 2));
    assertThat(site.effects(SiteEffect.REMOVE_SNAPSHOT, vm)).isEqualTo(1);
  }

  @Test
  void saysWhichAttemptAnswers() {
    assertThat(snapshots.attempt(2).createSnapshot(request(1, "one")).attempt()).isEqualTo(2);
    assertThat(snapshots.attempt(3).revertToSnapshot(change(2, "one")).attempt()).isEqualTo(3);
    assertThat(snapshots.attempt(4).removeSnapshot(change(3, "one")).attempt()).isEqualTo(4);
  }

  @Test
  void namesAVmThatTheHypervisorDoesNotKnow() {
    for (ThrowingCallable call : everyMethod(unknownVm())) {
      assertFault(Fault.VM_NOT_FOUND, call);
    }
  }

  @Test
  void saysThatTheSiteDoesNotAnswer() {
    site.breakSite();

    for (ThrowingCallable call : everyMethod(vm)) {
      assertFault(Fault.SITE_UNREACHABLE, call);
    }
  }

  @Test
  void refusesToSnapshotUnderALowerFence() {
    create(5, "one");

    assertFault(Fault.FENCED, () -> create(4, "two"));

    assertThat(list().names()).containsExactly("one");
  }

  @Test
  void refusesToRevertUnderALowerFence() {
    create(5, "one");
    write("later");

    assertFault(Fault.FENCED, () -> revert(4, "one"));

    assertThat(content(5)).containsOnly("later");
  }

  @Test
  void refusesToRemoveUnderALowerFence() {
    create(5, "one");

    assertFault(Fault.FENCED, () -> remove(4, "one"));

    assertThat(list().names()).containsExactly("one");
  }

  @Test
  void refusesAnEarlierAttemptThatWakesUpLate() {
    create(1, "one");
    snapshots.attempt(2).revertToSnapshot(change(2, "one"));
    write("later");

    assertFault(Fault.FENCED, () -> snapshots.attempt(1).revertToSnapshot(change(2, "one")));

    assertThat(content(5)).containsOnly("later");
  }

  private void threeSnapshots() {
    write("first");
    create(1, "one");
    write("secnd");
    create(2, "two");
    write("third");
    create(3, "three");
  }

  private void powerOnUntilReady() {
    site.power(vm, ON);
    try (PortCaller<GuestActivities> guests =
        new PortCaller<>(GuestActivities.class, site.guests())) {
      AwaitGuest patient = new AwaitGuest(vm, Duration.ofSeconds(30));
      assertThat(guests.call().awaitGuest(patient).ready()).isTrue();
    }
  }

  private Snapshots list() {
    return snapshots.call().listSnapshots(new ListSnapshots(vm));
  }

  private Snapshot create(long step, String name) {
    return snapshots.call().createSnapshot(request(step, name));
  }

  private Reverted revert(long step, String name) {
    return snapshots.call().revertToSnapshot(change(step, name));
  }

  private Done remove(long step, String name) {
    return snapshots.call().removeSnapshot(change(step, name));
  }

  private CreateSnapshot request(long step, String name) {
    return new CreateSnapshot(step(step), vm, name, false);
  }

  private ChangeSnapshot change(long step, String name) {
    return new ChangeSnapshot(step(step), vm, name);
  }

  private List<ThrowingCallable> everyMethod(VmRef any) {
    return List.of(
        () -> snapshots.call().listSnapshots(new ListSnapshots(any)),
        () -> snapshots.call().createSnapshot(new CreateSnapshot(step(1), any, "one", false)),
        () -> snapshots.call().revertToSnapshot(new ChangeSnapshot(step(2), any, "one")),
        () -> snapshots.call().removeSnapshot(new ChangeSnapshot(step(3), any, "one")));
  }
}
