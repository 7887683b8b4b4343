package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.vsphere.soap.LostAnswerException;
import java.rmi.RemoteException;
import java.util.Optional;

/**
 * A revert to a snapshot. That the disks stand on the snapshot says nothing of whether it was made:
 * mostly they have stood on it before, with what was written since. So where vCenter does not tell
 * how its task ended, the fence tells: the attempt has recorded its own before it began, and a
 * revert puts back the one of the snapshot's time.
 */
final class Reverting {
  private static final String[] SEEN = {SnapshotTree.PATH, "config.extraConfig"};

  private Reverting() {}

  /**
   * Reverts the VM, which is off and has the mandate's fence.
   *
   * @throws LostAnswerException when it is not known whether it was reverted
   * @throws FaultException BUSY (retried) when it was not
   */
  @SuppressWarnings("NullAway") // no host is named: the VM stays where it is
  static void run(String what, Machine vm, ManagedObjectReference snapshot, Mandate mandate)
      throws RemoteException {
    StartedTask.End end;
    try {
      end =
          Tasks.run(
              what,
              vm,
              TaskKind.REVERT,
              live -> live.vim().revertToSnapshot_Task(snapshot, null, true));
    } catch (LostAnswerException lost) {
      if (hasLostItsFence(read(vm), snapshot, mandate)) {
        return;
      }
      throw lost;
    }
    Machine now = read(vm);
    if (end == StartedTask.End.FORGOTTEN && !hasLostItsFence(now, snapshot, mandate)) {
      throw Tasks.forgotten(what);
    }
    if (!standsOn(now, snapshot)) {
      throw new FaultException(
          Fault.BUSY,
          "Could not %s yet: the VM stands on another snapshot, although its task has ended. It is tried again."
              .formatted(what));
    }
  }

  private static Machine read(Machine vm) throws RemoteException {
    return Machine.read(vm.vcenter(), vm.vm(), SEEN);
  }

  private static boolean standsOn(Machine now, ManagedObjectReference snapshot) {
    return SnapshotTree.of(now.row()).currentId().equals(snapshot.getVal());
  }

  /** A higher one than the attempt's is that of another, who may have come without a revert. */
  private static boolean hasLostItsFence(
      Machine now, ManagedObjectReference snapshot, Mandate mandate) {
    Fence mine = mandate.atAttempt(RunningActivity.attempt()).fence();
    Optional<Fence> seen = Fences.seen(now.row());
    return standsOn(now, snapshot) && (seen.isEmpty() || seen.get().compareTo(mine) < 0);
  }
}
