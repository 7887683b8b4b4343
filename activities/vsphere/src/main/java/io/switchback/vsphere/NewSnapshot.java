package io.switchback.vsphere;

import com.vmware.vim25.ApplicationQuiesceFault;
import com.vmware.vim25.FilesystemQuiesceFault;
import com.vmware.vim25.GenericVmConfigFault;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.MethodFault;
import com.vmware.vim25.OperationNotSupportedByGuest;
import com.vmware.vim25.SnapshotFault;
import com.vmware.vim25.ToolsUnavailable;
import io.switchback.model.Consistency;
import io.switchback.model.PowerState;
import io.switchback.vsphere.soap.FaultString;
import java.rmi.RemoteException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a snapshot, without the guest's memory. Where the guest cannot be quiesced it is taken as
 * if the plug had been pulled. Which of them it is stands in its description, so that everybody who
 * finds it says the same.
 */
final class NewSnapshot {
  /** Of a VM: whether its guest can be asked. */
  static final String TOOLS = "guest.toolsRunningStatus";

  private static final Logger LOG = LoggerFactory.getLogger(NewSnapshot.class);
  private static final String APPLICATION = "Application-consistent, taken by Switchback.";
  private static final String CRASH = "Crash-consistent, taken by Switchback.";

  private NewSnapshot() {}

  /** As it was taken. */
  static Consistency consistency(SnapshotTree.Node node) {
    // vCenter does not quiesce a VM that has been powered off since it was asked, and says so.
    return node.isQuiesced() && node.description().equals(APPLICATION)
        ? Consistency.APPLICATION
        : Consistency.CRASH;
  }

  /** The VM as it is afterwards. */
  static Machine take(String what, Machine vm, String name, boolean quiesced, String... read)
      throws RemoteException {
    if (!quiesced || vm.power() != PowerState.ON || !VsphereVmActivities.areToolsReady(vm.row())) {
      return take(what, vm, name, Consistency.CRASH, read);
    }
    try {
      return take(what, vm, name, Consistency.APPLICATION, read);
    } catch (MethodFault refusal) {
      if (!isOfTheGuest(refusal)) {
        throw refusal;
      }
      LOG.warn(
          "the guest was not quiesced; the snapshot is crash-consistent vm={} snapshot={} because={}",
          vm.vm(),
          name,
          FaultString.of(refusal));
      Machine again = Machine.read(vm.vcenter(), vm.vm(), read);
      return take(what, again, name, Consistency.CRASH, read);
    }
  }

  private static Machine take(
      String what, Machine vm, String name, Consistency consistency, String... read)
      throws RemoteException {
    ManagedObjectReference reference = vm.reference();
    boolean isQuiesced = consistency == Consistency.APPLICATION;
    String description = isQuiesced ? APPLICATION : CRASH;
    return Tasks.seen(
        what,
        vm,
        TaskKind.CREATE_SNAPSHOT,
        live -> live.vim().createSnapshot_Task(reference, name, description, false, isQuiesced),
        now -> SnapshotTree.of(now.row()).find(name).isPresent(),
        read);
  }

  /** Whether it says that the guest could not, and nothing against a snapshot without it. */
  private static boolean isOfTheGuest(MethodFault refusal) {
    return switch (refusal) {
      case ApplicationQuiesceFault guest -> true;
      case FilesystemQuiesceFault guest -> true;
      case ToolsUnavailable guest -> true;
      case OperationNotSupportedByGuest guest -> true;
      // Its subclasses say what else it is.
      case SnapshotFault other -> other.getClass() == SnapshotFault.class;
      // What hosts say when the guest's tools have failed: msg.snapshot.error-QUIESCINGERROR.
      case GenericVmConfigFault other ->
          (FaultString.of(other) + other.getReason()).toLowerCase(Locale.ROOT).contains("quiesc");
      default -> false;
    };
  }
}
