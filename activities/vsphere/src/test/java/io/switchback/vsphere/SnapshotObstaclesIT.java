package io.switchback.vsphere;

import static io.switchback.vsphere.VmWithSnapshots.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Consistency;
import io.switchback.port.Done;
import io.switchback.port.SnapshotActivities.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Snapshots of a VM that stands in their way: suspended, with files that could not be merged, with
 * a guest that cannot be quiesced. vcsim knows none of it, so it comes from the front, which is
 * ours; which snapshots there are then, the judge says.
 */
@ByteTier
class SnapshotObstaclesIT {
  private static final String CREATE = "CreateSnapshot_Task";
  private static final String REVERT = "RevertToSnapshot_Task";
  private static final String REMOVE = "RemoveSnapshot_Task";
  private static final String CONSOLIDATE = "ConsolidateVMDisks_Task";

  @AutoClose
  private static final VcsimEstate ESTATE =
      new VcsimEstate("-vms", "40", "-disks", "2", "-disk-mib", "1");

  @AutoClose private final VmWithSnapshots vm = new VmWithSnapshots(ESTATE);

  @Test
  void refusesToRevertASuspendedVm() {
    vm.snapshotTwice();
    vm.suspend();

    assertFault(
        Fault.WRONG_POWER_STATE, "is suspended. Power it off", () -> vm.revert(1, 3, "two"));

    assertThat(vm.front().calls(REVERT)).isZero();
    assertThat(vm.now().power()).isEqualTo("suspended");
    assertThat(vm.content()).containsOnly("after");
  }

  @Test
  void snapshotsASuspendedVmAndLeavesItsChangesUntracked() {
    vm.suspend();

    Snapshot made = vm.create(1, 1, "one");

    assertThat(made.consistency()).isEqualTo(Consistency.CRASH);
    assertThat(made.changeIds()).isEmpty();
    assertThat(vm.names()).containsExactly("one");
    assertThat(vm.now().changeTracking()).isFalse();
  }

  @Test
  void mergesWhatIsLeftBeforeItSnapshots() {
    vm.needConsolidation();
    List<String> before = new ArrayList<>();
    vm.front()
        .next(
            CREATE,
            new Deed.Say(
                asked -> {
                  before.add("merged %d times".formatted(vm.front().calls(CONSOLIDATE)));
                  return vm.front().pass(asked);
                }));

    vm.create(1, 1, "one");

    assertThat(before).containsExactly("merged 1 times");
    assertThat(vm.names()).containsExactly("one");
  }

  @Test
  void doesNotSnapshotWhatCannotBeMerged() {
    vm.needConsolidation();
    vm.front()
        .next(CONSOLIDATE, new Deed.Fail("NoDiskSpace", "There is no more space for the file."));

    assertFault(
        Fault.DATASTORE_FULL, "Could not consolidate the disks of", () -> vm.create(1, 1, "one"));
    assertThat(vm.names()).isEmpty();

    vm.create(2, 1, "one");
    assertThat(vm.names()).containsExactly("one");
  }

  @Test
  void theNextAttemptMergesWhatARemovalHasLeft() {
    vm.snapshotTwice();
    vm.front()
        .next(
            REMOVE,
            new Deed.Say(
                asked -> {
                  vm.needConsolidation();
                  return vm.front().pass(asked);
                }));
    vm.front()
        .next(CONSOLIDATE, new Deed.Fail("FileLocked", "Unable to access file since it is locked"));
    assertFault(Fault.DISK_IN_USE, "until the file is free", () -> vm.remove(1, 3, "one"));
    assertThat(vm.names()).containsExactly("two");

    assertThat(vm.remove(2, 3, "one")).isEqualTo(new Done(false, 2));

    assertThat(vm.front().calls(CONSOLIDATE)).isEqualTo(2);
    assertThat(vm.names()).containsExactly("two");
    assertThat(vm.content()).containsOnly("after");
  }

  @ParameterizedTest
  @CsvSource({
    "ApplicationQuiesceFault, An error occurred while quiescing the virtual machine.",
    "FilesystemQuiesceFault, Cannot quiesce this virtual machine because VMware Tools is not running.",
    "GenericVmConfigFault, msg.snapshot.error-QUIESCINGERROR",
    "ToolsUnavailable, VMware Tools is not running."
  })
  void snapshotsAsIfThePlugWasPulledWhereTheGuestCannotBeQuiesced(String fault, String said) {
    vm.powerOn();
    vm.front().next(CREATE, new Deed.Fail(fault, said));

    Snapshot made = vm.createQuiesced(1, "one");

    assertThat(made.consistency()).isEqualTo(Consistency.CRASH);
    assertThat(vm.snapshots())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.name()).isEqualTo("one");
              assertThat(one.quiesced()).isFalse();
              assertThat(one.description()).startsWith("Crash-consistent");
            });
  }

  @Test
  void doesNotGoWithoutTheGuestWhenSomethingElseIsWrong() {
    vm.powerOn();
    vm.front().next(CREATE, new Deed.Fail("NoDiskSpace", "There is no more space for the file."));

    assertFault(Fault.DATASTORE_FULL, () -> vm.createQuiesced(1, "one"));

    assertThat(vm.front().calls(CREATE)).isEqualTo(1);
    assertThat(vm.names()).isEmpty();
  }
}
