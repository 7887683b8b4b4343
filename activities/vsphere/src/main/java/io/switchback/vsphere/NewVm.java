package io.switchback.vsphere;

import com.vmware.vim25.AlreadyExists;
import com.vmware.vim25.DuplicateName;
import com.vmware.vim25.ManagedObjectReference;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.VmRef;
import io.switchback.vsphere.soap.LostAnswerException;
import java.rmi.RemoteException;
import java.util.Optional;
import java.util.function.Function;

/**
 * A VM that is made, or registered, once: vCenter refuses it the second time, and it is known by a
 * mark of its own, so that whoever does not know whether it was made looks, once nothing is being
 * made any more.
 */
final class NewVm {
  private final String what;
  private final VCenter vcenter;
  private final Known known;
  private final Late late;

  /** Looks for the VM; empty when it is not there. */
  interface Known {
    Optional<VmRef> find() throws RemoteException;
  }

  /** Refuses whoever comes after the VM was given up under a higher fence. */
  interface Late {
    void refuse() throws RemoteException;
  }

  NewVm(String what, VCenter vcenter, Known known, Late late) {
    this.what = what;
    this.vcenter = vcenter;
    this.known = known;
    this.late = late;
  }

  /**
   * Makes it.
   *
   * @param host that it is made on
   * @param on what the task works on
   * @param id by which the VM is known
   * @param taken what to say when another VM has its name or files
   * @throws LostAnswerException when it is not known whether it is being made
   */
  VmRef make(
      ManagedObjectReference host,
      ManagedObjectReference on,
      TaskKind kind,
      String id,
      VCenter.Call<ManagedObjectReference> start,
      Function<Exception, FaultException> taken)
      throws RemoteException {
    if (Tasks.settleAll(vcenter, on, kind)) {
      Optional<VmRef> earlier = known.find();
      if (earlier.isPresent()) {
        return earlier.get();
      }
    }
    try {
      Optional<ManagedObjectReference> made =
          Tasks.make(
              what,
              vcenter,
              host,
              kind,
              id,
              live -> {
                late.refuse();
                return start.on(live);
              });
      return made.isPresent()
          ? VmList.ref(vcenter, made.get())
          : known.find().orElseThrow(() -> Tasks.forgotten(what));
    } catch (LostAnswerException lost) {
      return settled(on, kind).orElseThrow(() -> lost);
    } catch (DuplicateName | AlreadyExists refused) {
      return settled(on, kind).orElseThrow(() -> taken.apply(refused));
    }
  }

  /** What is there once nobody makes such a VM any more; vCenter lists none that is being made. */
  private Optional<VmRef> settled(ManagedObjectReference on, TaskKind kind) throws RemoteException {
    var _ = Tasks.settleAll(vcenter, on, kind);
    return known.find();
  }

  /**
   * Removes what was made when it was given up meanwhile: whoever did so has looked too early.
   *
   * @param mine the fence that this attempt carries; an earlier one may have made it
   * @return the VM
   * @throws FaultException FENCED
   */
  VmRef keep(VmRef made, Fence mine) throws RemoteException {
    try {
      late.refuse();
      return made;
    } catch (FaultException fenced) {
      if (fenced.fault() == Fault.FENCED && isNobodyElses(made, mine)) {
        Removal.destroy(what, vcenter, made, () -> {});
      }
      throw fenced;
    }
  }

  // Somebody with a newer claim may have made it his own, or anew.
  private boolean isNobodyElses(VmRef made, Fence mine) throws RemoteException {
    try {
      return Fences.seen(Machine.read(vcenter, made, "config.extraConfig").row())
          .filter(seen -> seen.compareTo(mine) <= 0)
          .isPresent();
    } catch (FaultException gone) {
      return false;
    }
  }
}
