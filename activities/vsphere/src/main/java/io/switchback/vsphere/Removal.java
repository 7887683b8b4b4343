package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectNotFound;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.switchback.vsphere.soap.LostAnswerException;
import java.rmi.RemoteException;
import java.util.Optional;

/** Removes VMs with their disks, of which somebody else may take care at the same time. */
final class Removal {
  private Removal() {}

  /** What is done to a VM before it may be removed. */
  interface Claim {
    void to(VmRef vm) throws RemoteException;
  }

  /** Claims a VM that may be gone by then: who made it too late removes it as well. */
  static Optional<VmRef> claimed(Optional<VmRef> found, Claim claim) throws RemoteException {
    try {
      if (found.isPresent()) {
        claim.to(found.get());
      }
      return found;
    } catch (FaultException gone) {
      if (gone.fault() != Fault.VM_NOT_FOUND) {
        throw gone;
      }
      return Optional.empty();
    }
  }

  /** Looks right before the VM is destroyed, when its turn has come. */
  interface LastLook {
    void refuse() throws RemoteException;
  }

  /**
   * Destroys the VM, which is off; one that is gone by then is as good.
   *
   * @throws LostAnswerException when it is not known whether it is being destroyed
   */
  static void destroy(String what, VCenter vcenter, VmRef found, LastLook last)
      throws RemoteException {
    try {
      Machine vm = Machine.read(vcenter, found, "recentTask", "config.extraConfig");
      // A disk that an appliance has is locked, and its files would stay behind.
      Attachments.release(what, vm);
      Tasks.run(
          what,
          vm,
          TaskKind.DESTROY,
          live -> {
            last.refuse();
            return live.vim().destroy_Task(vm.reference());
          });
    } catch (LostAnswerException | ManagedObjectNotFound | FaultException unclear) {
      if (VmList.read(vcenter).withId(found.id()).isPresent()) {
        throw unclear;
      }
    }
  }

  /**
   * @throws FaultException WRONG_POWER_STATE
   */
  static void requireOff(String what, Machine vm) {
    if (vm.power() != PowerState.OFF) {
      throw new FaultException(
          Fault.WRONG_POWER_STATE,
          "Could not %s: '%s' is %s. Power it off, then retry."
              .formatted(what, vm.vm().name(), vm.power() == PowerState.ON ? "on" : "suspended"));
    }
  }
}
