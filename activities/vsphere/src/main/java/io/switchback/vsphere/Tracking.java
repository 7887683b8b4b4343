package io.switchback.vsphere;

import com.vmware.vim25.VirtualMachineConfigSpec;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import java.rmi.RemoteException;
import java.util.Optional;

/**
 * Change tracking, turned on before a VM's first snapshot: of one that has snapshots vSphere would
 * not know what its older files hold. A VM that runs is tracked from its next snapshot on; of one
 * that is suspended vSphere changes no configuration.
 */
final class Tracking {
  private static final String ON = "config.changeTrackingEnabled";
  private static final String SUPPORTED = "capability.changeTrackingSupported";
  private static final String[] NEEDED = {ON, SUPPORTED, SnapshotTree.PATH};

  private Tracking() {}

  /** Turns it on where that can be done now. */
  static void ensure(String what, Machine vm, Mandate mandate) throws RemoteException {
    var _ = Fences.change(what, vm.vcenter(), vm.vm(), mandate, Tracking::missing, NEEDED);
  }

  private static Optional<VirtualMachineConfigSpec> missing(Machine vm) {
    Properties.Row now = vm.row();
    if (now.get(ON, Boolean.class, false)
        || vm.power() == PowerState.SUSPENDED
        || !now.get(SUPPORTED, Boolean.class, true)
        || !SnapshotTree.of(now).nodes().isEmpty()) {
      return Optional.empty();
    }
    VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
    spec.setChangeTrackingEnabled(true);
    return Optional.of(spec);
  }
}
