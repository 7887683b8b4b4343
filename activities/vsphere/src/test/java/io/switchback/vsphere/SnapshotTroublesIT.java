package io.switchback.vsphere;

import static io.switchback.vsphere.VmWithSnapshots.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.port.Done;
import io.switchback.port.SiteEffect;
import io.switchback.port.SnapshotActivities.Reverted;
import io.switchback.port.SnapshotActivities.Snapshot;
import io.switchback.vsphere.soap.SoapServer.Answer;
import io.switchback.vsphere.soap.SoapServer.Request;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a change of snapshots whose answer, or whose task, is lost. The front loses them,
 * and has the bytes (our own); which snapshots there are then, the judge says.
 */
@ByteTier
class SnapshotTroublesIT {
  private static final String CREATE = "CreateSnapshot_Task";
  private static final String REVERT = "RevertToSnapshot_Task";
  private static final String REMOVE = "RemoveSnapshot_Task";

  /** The version of what is told last of an object. */
  private static final String LAST = "9";

  @AutoClose
  private static final VcsimEstate ESTATE =
      new VcsimEstate("-vms", "60", "-disks", "2", "-disk-mib", "1");

  @AutoClose private final VmWithSnapshots vm = new VmWithSnapshots(ESTATE);

  @Test
  void findsTheSnapshotWhoseTaskWasNotAnswered() {
    vm.front().next(CREATE, new Deed.CutAfter());

    Snapshot made = vm.create(1, 1, "one");

    assertThat(made.name()).isEqualTo("one");
    assertThat(vm.names()).containsExactly("one");
  }

  @Test
  void theNextAttemptFindsTheSnapshotThatTheOneBeforeHasMade() {
    failsAfter(CREATE, () -> vm.create(1, 1, "one"));

    Snapshot found = vm.create(2, 1, "one");

    assertThat(found.attempt()).isEqualTo(2);
    assertThat(vm.names()).containsExactly("one");
  }

  @Test
  void theNextAttemptMakesTheSnapshotThatVCenterWasNeverAskedFor() {
    vm.front().next(CREATE, new Deed.CutBefore());
    assertFault(Fault.SITE_UNREACHABLE, () -> vm.create(1, 1, "one"));
    assertThat(vm.names()).isEmpty();

    vm.create(2, 1, "one");

    assertThat(vm.names()).containsExactly("one");
  }

  @Test
  void removesOneSnapshotWhenItsTaskWasNotAnswered() {
    vm.snapshotTwice();
    vm.front().next(REMOVE, new Deed.CutAfter());

    Done done = vm.remove(1, 3, "one");

    assertThat(done.changed()).isTrue();
    assertThat(vm.names()).containsExactly("two");
    assertThat(vm.effects(SiteEffect.REMOVE_SNAPSHOT)).isEqualTo(1);
  }

  @Test
  void theNextAttemptRemovesNothingElse() {
    vm.snapshotTwice();
    failsAfter(REMOVE, () -> vm.remove(1, 3, "one"));

    Done done = vm.remove(2, 3, "one");

    assertThat(done).isEqualTo(new Done(false, 2));
    assertThat(vm.names()).containsExactly("two");
    assertThat(vm.content()).containsOnly("after");
    vm.revert(1, 4, "two");
    assertThat(vm.content()).containsOnly("secnd");
  }

  @Test
  void revertsOnceWhenItsTaskWasNotAnswered() {
    vm.snapshotTwice();
    vm.front().next(REVERT, new Deed.CutAfter());

    Reverted reverted = vm.revert(1, 3, "two");

    assertThat(reverted.changed()).isTrue();
    assertThat(vm.content()).containsOnly("secnd");
    assertThat(vm.names()).containsExactly("one", "two");
    assertThat(vm.effects(SiteEffect.REVERT_TO_SNAPSHOT)).isEqualTo(1);
  }

  @Test
  void theNextAttemptLeavesTheBytesOfTheSnapshotThatTheOneBeforeHasRevertedTo() {
    vm.snapshotTwice();
    failsAfter(REVERT, () -> vm.revert(1, 3, "one"));
    assertThat(vm.content()).containsOnly("first");

    vm.revert(2, 3, "one");

    assertThat(vm.content()).containsOnly("first");
    assertThat(vm.names()).containsExactly("one", "two");
    assertThat(vm.revert(3, 3, "one")).isEqualTo(new Reverted(false, 0, 3));
  }

  @Test
  void doesNotTakeARevertForDoneOfWhichVCenterHasNeverHeard() {
    vm.snapshotTwice();
    vm.front().next(REVERT, new Deed.CutBefore());

    // The disks stand on that snapshot before and after: what was written since is still there.
    assertFault(Fault.SITE_UNREACHABLE, () -> vm.revert(1, 3, "two"));
    assertThat(vm.content()).containsOnly("after");

    assertThat(vm.revert(2, 3, "two").changed()).isTrue();
    assertThat(vm.content()).containsOnly("secnd");
  }

  @Test
  void doesNotTakeARevertForDoneWhoseTaskVCenterHasForgotten() {
    vm.snapshotTwice();
    vm.front().next(REVERT, new Deed.Answer("<returnval type=\"Task\">task-none</returnval>"));

    assertFault(Fault.BUSY, () -> vm.revert(1, 3, "two"));
    assertThat(vm.content()).containsOnly("after");

    assertThat(vm.revert(2, 3, "two").changed()).isTrue();
    assertThat(vm.content()).containsOnly("secnd");
  }

  @Test
  void findsTheRevertWhoseTaskVCenterHasForgotten() {
    vm.snapshotTwice();
    forgetsTheTaskOf(REVERT);

    assertThat(vm.revert(1, 3, "two").changed()).isTrue();

    assertThat(vm.content()).containsOnly("secnd");
    assertThat(vm.effects(SiteEffect.REVERT_TO_SNAPSHOT)).isEqualTo(1);
  }

  @Test
  void findsTheSnapshotWhoseTaskVCenterHasForgotten() {
    forgetsTheTaskOf(CREATE);

    assertThat(vm.create(1, 1, "one").name()).isEqualTo("one");

    assertThat(vm.names()).containsExactly("one");
  }

  @Test
  void findsTheSnapshotWhoseTaskVCenterForgetsWhileItIsWaitedFor() {
    forgetsTheTaskWhileItIsWaitedFor(CREATE);

    assertThat(vm.create(1, 1, "one").name()).isEqualTo("one");

    assertThat(vm.names()).containsExactly("one");
  }

  @Test
  void theNextAttemptMakesTheSnapshotThatAForgottenTaskHasNotMade() {
    vm.front().next(CREATE, new Deed.Answer("<returnval type=\"Task\">task-none</returnval>"));
    assertFault(Fault.BUSY, () -> vm.create(1, 1, "one"));

    vm.create(2, 1, "one");

    assertThat(vm.names()).containsExactly("one");
  }

  @Test
  void aLateAttemptIsFencedAlthoughARevertBringsTheFenceOfTheSnapshotsTimeBack() {
    vm.snapshotTwice();
    vm.revert(1, 5, "one");
    vm.write("later");

    assertFault(Fault.FENCED, () -> vm.create(1, 4, "late"));
    assertFault(Fault.FENCED, () -> vm.revert(1, 4, "two"));
    assertFault(Fault.FENCED, () -> vm.remove(1, 4, "two"));

    assertThat(vm.fence()).isEqualTo("1.7.5.1");
    assertThat(vm.names()).containsExactly("one", "two");
    assertThat(vm.content()).containsOnly("later");
  }

  @Test
  void aLateAttemptIsFencedOnceTheNextOneHasMendedARevertThatDiedBeforeItsFence() {
    vm.snapshotTwice();
    failsAfter(REVERT, () -> vm.revert(1, 5, "one"));
    assertThat(vm.fence()).as("the window").isEqualTo("1.7.1.1");
    vm.revert(2, 5, "one");

    assertFault(Fault.FENCED, () -> vm.revert(1, 5, "two"));

    assertThat(vm.fence()).isEqualTo("1.7.5.2");
    assertThat(vm.content()).containsOnly("first");
  }

  /** As when the worker dies once vCenter has done it. */
  private void failsAfter(String method, ThrowingCallable step) {
    vm.front()
        .next(
            method,
            new Deed.Say(
                asked -> {
                  vm.front().pass(asked);
                  vm.front().always("*", new Deed.CutBefore());
                  return new Answer(502, List.of(), "");
                }));
    assertFault(Fault.SITE_UNREACHABLE, step);
    vm.front().heal();
  }

  /** vCenter does it, and knows nothing of the task that it answers. */
  private void forgetsTheTaskOf(String method) {
    vm.front()
        .next(
            method,
            new Deed.Say(
                asked -> {
                  vm.front().pass(asked);
                  return Answer.of(method, "<returnval type=\"Task\">task-none</returnval>");
                }));
  }

  /** vCenter says once of the task that it is no more. */
  private void forgetsTheTaskWhileItIsWaitedFor(String method) {
    vm.front()
        .next(
            method,
            new Deed.Say(
                asked -> {
                  Answer started = vm.front().pass(asked);
                  String task = Message.parse(started.body()).first("returnval").orElseThrow();
                  vm.front().next("WaitForUpdatesEx", left(task));
                  vm.front().always("WaitForUpdatesEx", new Deed.Say(this::refuseWhoAsksOn));
                  return started;
                }));
  }

  /** Whoever has overheard it would hear nothing for ever. */
  private Answer refuseWhoAsksOn(Request asked) {
    return asked.body().contains("<version>%s</version>".formatted(LAST))
        ? Answer.fault("NoPermission", "There is nothing more to tell.", "")
        : vm.front().pass(asked);
  }

  /** What is said of an object that was watched and is no more. */
  private static Deed left(String task) {
    return new Deed.Answer(
        """
        <returnval><version>%s</version><filterSet><filter type="PropertyFilter">filter-1</filter>
        <objectSet><kind>leave</kind><obj type="Task">%s</obj></objectSet></filterSet></returnval>
        """
            .formatted(LAST, task));
  }
}
