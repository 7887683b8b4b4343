package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;

/**
 * Merging what a removed snapshot has left. vCenter takes a snapshot out of the tree also when its
 * files could not be merged, and marks the VM; each further snapshot would make the chain longer.
 */
final class Consolidation {
  /** Of a VM: whether there is something left. */
  static final String PATH = "runtime.consolidationNeeded";

  private Consolidation() {}

  /**
   * The VM as it is afterwards; the one given when there is nothing to merge.
   *
   * @throws io.switchback.fault.FaultException what vCenter refuses it with, said of the
   *     consolidation and not of what it was to precede
   */
  static Machine ifNeeded(Machine vm, String... read) {
    if (!isNeeded(vm)) {
      return vm;
    }
    ManagedObjectReference reference = vm.reference();
    String what = "consolidate the disks of " + vm.vm();
    return VsphereFaults.translated(
        what,
        () ->
            Tasks.seen(
                what,
                vm,
                TaskKind.CONSOLIDATE,
                live -> live.vim().consolidateVMDisks_Task(reference),
                now -> !isNeeded(now),
                read));
  }

  private static boolean isNeeded(Machine vm) {
    return Boolean.TRUE.equals(vm.row().get(PATH, Boolean.class));
  }
}
