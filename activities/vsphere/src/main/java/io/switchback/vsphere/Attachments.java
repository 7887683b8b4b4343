package io.switchback.vsphere;

import com.vmware.vim25.OptionValue;
import com.vmware.vim25.VirtualDeviceConfigSpec;
import com.vmware.vim25.VirtualMachineConfigSpec;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import java.rmi.RemoteException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which transfer appliances may have disks of a VM, and how they are taken from them. */
final class Attachments {
  private static final Logger LOG = LoggerFactory.getLogger(Attachments.class);
  private static final String SETTINGS = "config.extraConfig";
  private static final String DEVICES = "config.hardware.device";

  private Attachments() {}

  /**
   * Detaches every disk of the VM from every appliance that was to have it, whoever uses it there.
   * When this returns, nobody reads or writes them through an appliance.
   *
   * @param vm read with {@code config.extraConfig}
   */
  static void release(String what, Machine vm) throws RemoteException {
    release(what, vm, attachment -> true);
  }

  /** The same of the disks that transfers write to. */
  static void releaseWritten(String what, Machine vm) throws RemoteException {
    release(what, vm, Attachment::isWritten);
  }

  private static void release(String what, Machine vm, Predicate<Attachment> which)
      throws RemoteException {
    List<Attachment> detached = new ArrayList<>();
    for (Attachment one : Attachment.of(vm).stream().filter(which).toList()) {
      if (detach(what, vm.vcenter(), one)) {
        LOG.info(
            "detached a disk from its appliance vm={} disk={} appliance={}",
            vm.vm(),
            one.key(),
            one.appliance());
        detached.add(one);
      }
    }
    // What was not there stays recorded: who recorded it may be about to attach it.
    forget(what, vm.vcenter(), vm.vm(), detached);
  }

  /** Whether it was there, or its appliance is no more. */
  private static boolean detach(String what, VCenter vcenter, Attachment attachment)
      throws RemoteException {
    VmRef appliance = appliance(attachment);
    try {
      return Reconfiguration.make(
          what,
          vcenter,
          appliance,
          now ->
              Loan.of(now.row()).stream()
                  .filter(loan -> loan.owner().equals(attachment.owner().id()))
                  .filter(loan -> loan.key() == attachment.key())
                  .findFirst()
                  .map(loan -> returned(now.row(), loan)),
          SETTINGS,
          DEVICES);
    } catch (FaultException e) {
      if (e.fault() == Fault.VM_NOT_FOUND) {
        return true;
      }
      throw e;
    }
  }

  private static VmRef appliance(Attachment attachment) {
    return new VmRef(
        attachment.owner().site(), attachment.appliance(), "the transfer appliance of a disk");
  }

  static VirtualMachineConfigSpec returned(Properties.Row appliance, Loan loan) {
    VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
    spec.setExtraConfig(new OptionValue[] {loan.forgotten()});
    spec.setDeviceChange(
        loan.device(appliance).stream().map(Loan::removal).toArray(VirtualDeviceConfigSpec[]::new));
    return spec;
  }

  /** Records it before a disk is attached that nobody writes to. */
  static void record(String what, VCenter vcenter, Attachment attachment) throws RemoteException {
    var _ =
        Reconfiguration.make(
            what,
            vcenter,
            attachment.owner(),
            now ->
                attachment.isRecorded(now.row())
                    ? Optional.empty()
                    : Optional.of(settings(List.of(attachment.recorded()))),
            SETTINGS);
  }

  static void forget(String what, VCenter vcenter, VmRef owner, List<Attachment> attachments)
      throws RemoteException {
    if (attachments.isEmpty()) {
      return;
    }
    var _ =
        Reconfiguration.make(
            what,
            vcenter,
            owner,
            now -> {
              List<OptionValue> left =
                  attachments.stream()
                      .filter(one -> one.isRecorded(now.row()))
                      .map(Attachment::forgotten)
                      .toList();
              return left.isEmpty() ? Optional.empty() : Optional.of(settings(left));
            },
            SETTINGS);
  }

  static VirtualMachineConfigSpec settings(List<OptionValue> settings) {
    VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
    spec.setExtraConfig(settings.toArray(OptionValue[]::new));
    return spec;
  }
}
