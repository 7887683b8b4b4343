package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;
import java.rmi.RemoteException;

/**
 * Merging what a removed snapshot has left. vCenter takes a snapshot out of the tree also when its
 * files could not be merged, and marks the VM; each further snapshot would make the chain longer.
 */
final class Consolidation {
  /** Of a VM: whether there is something left. */
  static final String PATH = "runtime.consolidationNeeded";

  private Consolidation() {}

  /** The VM as it is afterwards; the one given when there is nothing to merge. */
  static Machine ifNeeded(Machine vm, String... read) throws RemoteException {
    if (!isNeeded(vm)) {
      return vm;
    }
    ManagedObjectReference reference = vm.reference();
    return Tasks.seen(
        "consolidate the disks of " + vm.vm(),
        vm,
        TaskKind.CONSOLIDATE,
        live -> live.vim().consolidateVMDisks_Task(reference),
        now -> !isNeeded(now),
        read);
  }

  private static boolean isNeeded(Machine vm) {
    return Boolean.TRUE.equals(vm.row().get(PATH, Boolean.class));
  }
}
