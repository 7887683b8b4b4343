package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Consistency;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.SnapshotActivities;
import java.rmi.RemoteException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Snapshots of VMs at a vCenter, found by their names. Each change raises the fence, looks, and
 * acts only if needed.
 *
 * <p>A revert puts back the VM's whole configuration, and the fence that is kept there with it: the
 * one of the snapshot's time. It is recorded again at once; until then a late attempt is held back
 * only from what needs a higher fence than that one.
 */
public final class VsphereSnapshotActivities implements SnapshotActivities {
  private static final String[] SEEN =
      Stream.concat(
              Untouched.READ.stream(),
              Stream.of("recentTask", Consolidation.PATH, NewSnapshot.TOOLS, "config.instanceUuid"))
          .toArray(String[]::new);

  private final VCenters vcenters;

  public VsphereSnapshotActivities(VCenters vcenters) {
    this.vcenters = vcenters;
  }

  @Override
  public Snapshot createSnapshot(CreateSnapshot request) {
    String what = "snapshot " + request.vm();
    return VsphereFaults.translated(
        what,
        () -> {
          Machine now = begin(what, request.vm(), request.mandate(), TaskKind.CREATE_SNAPSHOT);
          Optional<SnapshotTree.Node> made = SnapshotTree.of(now.row()).find(request.name());
          return made.isPresent() ? answer(now, made.get()) : take(what, now, request);
        });
  }

  private static Snapshot take(String what, Machine vm, CreateSnapshot request)
      throws RemoteException {
    Tracking.ensure(what, vm, request.mandate());
    Machine whole = Consolidation.ifNeeded(Machine.read(vm.vcenter(), vm.vm(), SEEN), SEEN);
    Machine now = NewSnapshot.take(what, whole, request.name(), request.quiesced(), SEEN);
    SnapshotTree.Node made = SnapshotTree.of(now.row()).find(request.name()).orElseThrow();
    if (now.power() == PowerState.OFF) {
      Untouched.keep(what, now, request.mandate(), made.reference());
    }
    return answer(now, made);
  }

  private static Snapshot answer(Machine vm, SnapshotTree.Node made) throws RemoteException {
    Properties.Row frozen =
        vm.vcenter().read(live -> Properties.of(live, made.reference(), "config.hardware.device"));
    Map<String, String> changeIds = new LinkedHashMap<>();
    Disks.of(frozen)
        .forEach(
            disk ->
                DiskFiles.changeId(disk)
                    .ifPresent(changeId -> changeIds.put(Disks.id(vm.row(), disk), changeId)));
    Consistency consistency = NewSnapshot.consistency(made);
    return new Snapshot(
        made.name(), made.takenAt(), consistency, changeIds, RunningActivity.attempt());
  }

  @Override
  public Snapshots listSnapshots(ListSnapshots request) {
    VmRef vm = request.vm();
    return VsphereFaults.translated(
        "list the snapshots of " + vm,
        () -> {
          Machine now = Machine.read(vcenters.of(vm), vm, Untouched.READ.toArray(String[]::new));
          SnapshotTree tree = SnapshotTree.of(now.row());
          return new Snapshots(
              tree.names(),
              tree.current().map(SnapshotTree.Node::name).orElse(""),
              Untouched.unsavedBytes(now));
        });
  }

  @Override
  public Reverted revertToSnapshot(ChangeSnapshot request) {
    String what = "revert %s to snapshot '%s'".formatted(request.vm(), request.name());
    return VsphereFaults.translated(
        what,
        () -> {
          Machine now = begin(what, request.vm(), request.mandate(), TaskKind.REVERT);
          SnapshotTree tree = SnapshotTree.of(now.row());
          SnapshotTree.Node snapshot = tree.find(request.name()).orElseThrow(() -> notThere(what));
          refuseUnlessOff(what, now);
          if (snapshot.id().equals(tree.currentId()) && Untouched.is(now)) {
            return new Reverted(false, 0, RunningActivity.attempt());
          }
          long discarded = Untouched.unsavedBytes(now);
          Reverting.run(what, now, snapshot.reference(), request.mandate());
          // The fence as well: the configuration is that of the snapshot's time again.
          Untouched.keep(what, now, request.mandate(), snapshot.reference());
          return new Reverted(true, discarded, RunningActivity.attempt());
        });
  }

  private static FaultException notThere(String what) {
    return new FaultException(
        Fault.RESTORE_POINT_NOT_FOUND,
        "Could not %s: there is no such snapshot. Choose another restore point.".formatted(what));
  }

  // vCenter would cut the power of a running VM; here that takes a step of its own.
  private static void refuseUnlessOff(String what, Machine vm) {
    if (vm.power() != PowerState.OFF) {
      throw new FaultException(
          Fault.WRONG_POWER_STATE,
          "Could not %s: the VM %s. Power it off, then retry the step."
              .formatted(what, vm.power() == PowerState.ON ? "runs" : "is suspended"));
    }
  }

  @Override
  public Done removeSnapshot(ChangeSnapshot request) {
    String what = "remove snapshot '%s' of %s".formatted(request.name(), request.vm());
    return VsphereFaults.translated(
        what,
        () -> {
          Machine before = begin(what, request.vm(), request.mandate(), TaskKind.REMOVE_SNAPSHOT);
          Optional<SnapshotTree.Node> found = SnapshotTree.of(before.row()).find(request.name());
          Machine now = found.isPresent() ? remove(what, before, found.get().reference()) : before;
          // What an earlier removal could not merge stays on the datastore otherwise.
          Machine whole = Consolidation.ifNeeded(now, SEEN);
          keepUntouched(what, before, whole, request.mandate());
          return new Done(found.isPresent(), RunningActivity.attempt());
        });
  }

  private static Machine remove(String what, Machine vm, ManagedObjectReference snapshot)
      throws RemoteException {
    return Tasks.seen(
        what,
        vm,
        TaskKind.REMOVE_SNAPSHOT,
        live -> {
          // When its turn has come: a copy may have been made meanwhile.
          new LinkedCopies(vm.vcenter()).refuseIfShared(what, vm.vm(), snapshot);
          return live.vim().removeSnapshot_Task(snapshot, false, true);
        },
        now ->
            SnapshotTree.of(now.row()).nodes().stream()
                .noneMatch(node -> node.id().equals(snapshot.getVal())),
        SEEN);
  }

  // Merging older files changes no byte that the disks hold, but perhaps what vSphere calls it.
  private static void keepUntouched(String what, Machine before, Machine now, Mandate mandate)
      throws RemoteException {
    SnapshotTree tree = SnapshotTree.of(now.row());
    if (Untouched.is(before)
        && tree.currentId().equals(SnapshotTree.of(before.row()).currentId())
        && tree.current().isPresent()) {
      Untouched.keep(what, now, mandate, tree.current().get().reference());
    }
  }

  /** The VM, its fence raised, once no task of an earlier attempt runs any more. */
  private Machine begin(String what, VmRef vm, Mandate mandate, TaskKind kind)
      throws RemoteException {
    VCenter vcenter = vcenters.of(vm);
    RunningActivity.heartbeat(RunningActivity.told(TaskNote.class).orElse(TaskNote.NONE));
    // Before the fence is raised: vCenter changes no configuration while such a task runs.
    Tasks.settle(vcenter, vm, kind);
    // Also when there is nothing to change, so that a late attempt is refused.
    Machine now = Fences.raise(what, vcenter, vm, mandate, SEEN);
    if (kind == TaskKind.CREATE_SNAPSHOT) {
      // What a snapshot of production is read by may go on: another one does not touch its files.
      Attachments.releaseWritten(what, now);
    } else {
      Attachments.release(what, now);
    }
    return now;
  }
}
