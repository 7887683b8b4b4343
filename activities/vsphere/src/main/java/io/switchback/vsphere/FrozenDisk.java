package io.switchback.vsphere;

import com.vmware.vim25.VirtualDisk;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import java.io.IOException;
import java.rmi.RemoteException;

/**
 * A disk as a snapshot of its VM keeps it.
 *
 * @param disk of the snapshot's configuration: its file, its key, its change id
 */
record FrozenDisk(Machine vm, SnapshotTree.Node snapshot, VirtualDisk disk) {

  /**
   * @throws FaultException VM_NOT_FOUND; RESTORE_POINT_NOT_FOUND; SHAPE_CHANGED when the VM had no
   *     such disk then
   */
  static FrozenDisk find(String what, VCenter vcenter, VmRef vm, String snapshot, String disk)
      throws RemoteException {
    Machine now = Machine.read(vcenter, vm, SnapshotTree.PATH);
    SnapshotTree.Node node =
        SnapshotTree.of(now.row())
            .find(snapshot)
            .orElseThrow(
                () ->
                    new FaultException(
                        Fault.RESTORE_POINT_NOT_FOUND,
                        "Could not %s: %s has no snapshot '%s'. Look who removed it, then retry."
                            .formatted(what, vm, snapshot)));
    Properties.Row frozen =
        vcenter.read(live -> Properties.of(live, node.reference(), "config.hardware.device"));
    VirtualDisk found =
        Disks.of(frozen).stream()
            .filter(one -> Disks.id(now.row(), one).equals(disk))
            .findFirst()
            .orElseThrow(
                () ->
                    new FaultException(
                        Fault.SHAPE_CHANGED,
                        "Could not %s: snapshot '%s' of %s has no disk '%s'."
                            .formatted(what, snapshot, vm, disk)));
    return new FrozenDisk(now, node, found);
  }

  /** The same line, the same bytes: a snapshot's disks never change. */
  String identity() {
    return "%s %s %s %s %d"
        .formatted(vm.vm().site(), vm.vm().id(), snapshot.id(), snapshot.takenAt(), disk.getKey());
  }

  /**
   * Records that the appliance gets it, attaches it and opens it; closing it detaches it.
   *
   * @throws IOException when its device cannot be opened
   */
  VsphereDiskSource open(String what, Appliance appliance) throws IOException {
    Attachment attachment = appliance.attachment(vm.vm(), disk, false);
    Attachments.record(what, vm.vcenter(), attachment);
    Attached attached = appliance.attach(what, attachment, disk);
    try {
      return new VsphereDiskSource(this, attached, appliance.devices().source(attached.link()));
    } catch (IOException | RuntimeException failed) {
      attached.close();
      throw failed;
    }
  }
}
