package io.switchback.vsphere;

import com.vmware.vim25.VirtualMachineConfigSpec;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.SheetActivities;
import java.rmi.RemoteException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Break-glass sheets in the notes of replicas' VMs: whoever opens the VM in the vSphere Client, or
 * its host when vCenter is gone as well, has it before him. What people have noted there stays,
 * above the sheet. A revert brings back the notes of its moment, until the next page is written.
 */
public final class VsphereSheetActivities implements SheetActivities {
  private static final String[] NEEDED = {
    "name",
    "config.annotation",
    "config.firmware",
    "config.hardware.numCPU",
    "config.hardware.memoryMB",
    "config.hardware.device",
    "config.files.vmPathName"
  };

  private final VCenters vcenters;

  public VsphereSheetActivities(VCenters vcenters) {
    this.vcenters = vcenters;
  }

  @Override
  public Done writeSheet(WriteSheet request) {
    Replica replica = request.sheet().replica();
    String what = "write the break-glass sheet of " + replica;
    return VsphereFaults.translated(
        what,
        () -> {
          VCenter vcenter = vcenters.of(replica.recovery());
          SiteNames names = SiteNames.read(vcenter);
          return noted(
              what,
              vcenter,
              replica.recovery(),
              request.mandate(),
              now -> SheetPage.of(request.sheet(), now, names));
        });
  }

  @Override
  public Done removeSheet(RemoveSheet request) {
    Replica replica = request.replica();
    String what = "remove the break-glass sheet of " + replica;
    return VsphereFaults.translated(
        what,
        () -> {
          try {
            VCenter vcenter = vcenters.of(replica.recovery());
            return noted(what, vcenter, replica.recovery(), request.mandate(), _ -> "");
          } catch (FaultException e) {
            if (e.fault() == Fault.VM_NOT_FOUND) {
              // Its notes went with it.
              return new Done(false, RunningActivity.attempt());
            }
            throw e;
          }
        });
  }

  /** What the page is for a VM as it is now. */
  private interface Page {
    String of(Properties.Row now);
  }

  private static Done noted(String what, VCenter vcenter, VmRef vm, Mandate mandate, Page page)
      throws RemoteException {
    RunningActivity.heartbeat(RunningActivity.told(TaskNote.class).orElse(TaskNote.NONE));
    boolean changed =
        Fences.change(
                what,
                vcenter,
                vm,
                mandate,
                now -> change(now.row(), notes -> SheetPage.into(notes, page.of(now.row()))),
                NEEDED)
            .changed();
    return new Done(changed, RunningActivity.attempt());
  }

  private static Optional<VirtualMachineConfigSpec> change(
      Properties.Row row, UnaryOperator<String> edit) {
    String now = row.get("config.annotation", String.class, "");
    String wanted = edit.apply(now);
    if (wanted.equals(now)) {
      return Optional.empty();
    }
    VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
    spec.setAnnotation(wanted);
    return Optional.of(spec);
  }
}
