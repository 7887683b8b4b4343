package io.switchback.vsphere;

import com.vmware.vim25.AlreadyExists;
import com.vmware.vim25.DuplicateName;
import com.vmware.vim25.ManagedObjectReference;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import io.switchback.vsphere.soap.LostAnswerException;
import java.rmi.RemoteException;
import java.util.Optional;
import java.util.function.Function;

/**
 * A VM that is made, or registered, once: vCenter refuses it the second time, and it is known by a
 * mark of its own, so that whoever does not know whether it was made looks.
 */
final class NewVm {
  private final String what;
  private final VCenter vcenter;
  private final Known known;

  /** Looks for the VM; empty when it is not there. */
  interface Known {
    Optional<VmRef> find() throws RemoteException;
  }

  NewVm(String what, VCenter vcenter, Known known) {
    this.what = what;
    this.vcenter = vcenter;
    this.known = known;
  }

  /**
   * Makes it.
   *
   * @param host that it is made on
   * @param id by which a later attempt knows the task
   * @param taken what to say when another VM has its name or files
   * @throws LostAnswerException when it is not known whether it is being made
   */
  VmRef make(
      ManagedObjectReference host,
      TaskKind kind,
      String id,
      VCenter.Call<ManagedObjectReference> start,
      Function<Exception, FaultException> taken)
      throws RemoteException {
    try {
      var _ = Tasks.make(what, vcenter, host, kind, id, start);
      return known.find().orElseThrow(() -> Tasks.forgotten(what));
    } catch (LostAnswerException lost) {
      return known.find().orElseThrow(() -> lost);
    } catch (DuplicateName | AlreadyExists refused) {
      // An earlier attempt may have made it while this one looked.
      return known.find().orElseThrow(() -> taken.apply(refused));
    }
  }
}
