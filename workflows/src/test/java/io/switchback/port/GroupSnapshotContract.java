package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.VmRef;
import io.switchback.port.GroupSnapshotActivities.CreateGroupSnapshot;
import io.switchback.port.GroupSnapshotActivities.GroupMember;
import io.switchback.port.GroupSnapshotActivities.GroupSnapshot;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import io.switchback.port.SnapshotActivities.Snapshot;
import io.switchback.port.SnapshotActivities.Snapshots;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link GroupSnapshotActivities} promises. */
public abstract class GroupSnapshotContract extends SiteContract {
  private PortCaller<GroupSnapshotActivities> groups;
  private PortCaller<SnapshotActivities> snapshots;

  /** The adapter under test, at the site that was opened last. */
  protected abstract GroupSnapshotActivities groupSnapshots();

  @BeforeEach
  final void openPorts() {
    groups = new PortCaller<>(GroupSnapshotActivities.class, groupSnapshots());
    snapshots = new PortCaller<>(SnapshotActivities.class, site.snapshots());
  }

  @AfterEach
  final void closePorts() {
    groups.close();
    snapshots.close();
  }

  @Test
  void snapshotsEveryVmOfAGroup() {
    write("first");

    GroupSnapshot group = groups.call().createGroupSnapshot(group(1, "one"));

    assertThat(group.snapshots())
        .extracting(Snapshot::name)
        .containsExactly("one-" + vm.id(), "one-" + site.other().id());
    assertThat(site.effects(SiteEffect.CREATE_SNAPSHOT, vm)).isEqualTo(1);
    assertThat(site.effects(SiteEffect.CREATE_SNAPSHOT, site.other())).isEqualTo(1);
    write("later");
    revert(2, "one-" + vm.id());
    assertThat(content(5)).containsOnly("first");
  }

  @Test
  void answersTheSnapshotsThatTheGroupHasAlready() {
    GroupSnapshot first = groups.call().createGroupSnapshot(group(1, "one"));
    write("later");

    GroupSnapshot second = groups.attempt(2).createGroupSnapshot(group(1, "one"));

    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.snapshots())
        .extracting(Snapshot::takenAt)
        .isEqualTo(first.snapshots().stream().map(Snapshot::takenAt).toList());
    assertThat(site.effects(SiteEffect.CREATE_SNAPSHOT, vm)).isEqualTo(1);
  }

  @Test
  void takesAGroupsSnapshotsAnewWhenOnlySomeOfItsVmsHaveThem() {
    write("first");
    create(1, "one-" + vm.id());
    write("later");

    groups.call().createGroupSnapshot(group(2, "one"));

    write("after");
    revert(3, "one-" + vm.id());
    assertThat(content(5)).containsOnly("later");
    assertThat(list().names()).containsExactly("one-" + vm.id());
  }

  @Test
  void makesNoSnapshotOfAGroupWhenOneOfItsVmsIsFenced() {
    snapshots
        .call()
        .createSnapshot(new CreateSnapshot(step(9), site.other(), "newer claim", false));

    assertFault(Fault.FENCED, () -> groups.call().createGroupSnapshot(group(1, "one")));

    assertThat(list().names()).isEmpty();
    assertThat(site.effects(SiteEffect.CREATE_SNAPSHOT, vm)).isZero();
  }

  @Test
  void namesAVmThatTheHypervisorDoesNotKnow() {
    assertFault(
        Fault.VM_NOT_FOUND,
        () ->
            groups
                .call()
                .createGroupSnapshot(
                    new CreateGroupSnapshot(
                        "erp",
                        List.of(member(1, vm, "one"), member(1, unknownVm(), "one")),
                        false)));

    assertThat(list().names()).isEmpty();
  }

  @Test
  void saysThatTheSiteDoesNotAnswer() {
    site.breakSite();

    assertFault(Fault.SITE_UNREACHABLE, () -> groups.call().createGroupSnapshot(group(1, "one")));
  }

  private Snapshots list() {
    return snapshots.call().listSnapshots(new ListSnapshots(vm));
  }

  private void create(long step, String name) {
    snapshots.call().createSnapshot(new CreateSnapshot(step(step), vm, name, false));
  }

  private void revert(long step, String name) {
    snapshots.call().revertToSnapshot(new ChangeSnapshot(step(step), vm, name));
  }

  private CreateGroupSnapshot group(long step, String name) {
    return new CreateGroupSnapshot(
        "erp", List.of(member(step, vm, name), member(step, site.other(), name)), false);
  }

  private GroupMember member(long step, VmRef of, String name) {
    return new GroupMember(step(step), of, name + "-" + of.id());
  }
}
