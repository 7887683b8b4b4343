package io.switchback.vsphere;

import com.vmware.vim25.DuplicateName;
import com.vmware.vim25.FileNotFound;
import com.vmware.vim25.InvalidDatastore;
import com.vmware.vim25.NotFound;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Placement;
import io.switchback.model.VmRef;
import java.rmi.RemoteException;
import java.util.Optional;

/**
 * Makes a VM known to a vCenter whose files lie on one of its datastores. One that is known already
 * is answered as it is.
 */
final class Registration {
  /** Of {@code extraConfig}: what a VM's uuid becomes when its files have moved. */
  static final String ON_MOVE = "uuid.action";

  private final String what;
  private final VCenter vcenter;
  private final String path;
  private final NewVm.Late late;

  /**
   * @param path of its configuration, as in {@code [fast] web-01/web-01.vmx}
   */
  Registration(String what, VCenter vcenter, String path, NewVm.Late late) {
    this.what = what;
    this.vcenter = vcenter;
    this.path = path;
    this.late = late;
  }

  /**
   * Registers it under the name that its configuration gives.
   *
   * @param placement host and folder; the datastore is that of the path
   * @throws FaultException VM_NOT_FOUND when there is no such file; INVALID_INPUT when its name is
   *     taken, or nothing that may run it mounts the datastore
   */
  VmRef run(Placement placement) throws RemoteException {
    Optional<VmRef> known = find();
    return known.isPresent() ? known.get() : register(placement);
  }

  @SuppressWarnings("NullAway") // the name that the configuration gives
  private VmRef register(Placement placement) throws RemoteException {
    String datastore = path.substring(1, Math.max(1, path.indexOf(']')));
    Standing standing =
        Standing.of(what, vcenter, new Placement(placement.host(), datastore, placement.folder()));
    try {
      return new NewVm(what, vcenter, this::find, late)
          .make(
              standing.host(),
              standing.folder(),
              TaskKind.REGISTER,
              path,
              live ->
                  live.vim()
                      .registerVM_Task(
                          standing.folder(), path, null, false, standing.pool(), standing.host()),
              this::taken);
    } catch (NotFound | FileNotFound | InvalidDatastore missing) {
      throw refused(Fault.VM_NOT_FOUND, "there is no such file: look at the datastore", missing);
    }
  }

  private FaultException taken(Exception cause) {
    return refused(
        Fault.INVALID_INPUT,
        cause instanceof DuplicateName
            ? "another VM has its name: rename that one"
            // A datastore may have names of its own for folders, as vSAN has.
            : "a VM of these files is registered already: name that VM instead",
        cause);
  }

  private FaultException refused(Fault fault, String because, Exception cause) {
    return new FaultException(
        fault,
        "Could not %s: its seed '%s' cannot be registered, %s.".formatted(what, path, because),
        cause);
  }

  private Optional<VmRef> find() throws RemoteException {
    return vcenter
        .read(
            live ->
                Properties.all(
                    live,
                    "VirtualMachine",
                    "name",
                    "config.instanceUuid",
                    "config.files.vmPathName"))
        .stream()
        .filter(row -> path.equals(row.get("config.files.vmPathName", String.class)))
        .filter(row -> row.get("config.instanceUuid", String.class) != null)
        .map(row -> VmList.ref(vcenter.site(), row))
        .findFirst();
  }
}
