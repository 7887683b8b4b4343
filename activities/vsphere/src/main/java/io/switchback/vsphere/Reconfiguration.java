package io.switchback.vsphere;

import com.vmware.vim25.ConcurrentAccess;
import com.vmware.vim25.VirtualMachineConfigSpec;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import io.switchback.vsphere.soap.LostAnswerException;
import java.rmi.RemoteException;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Changes of a VM's configuration that no fence guards: each is made from what was read just
 * before, and vCenter refuses it when somebody was faster.
 */
final class Reconfiguration {
  private static final int TRIES = 5;
  private static final String[] NEEDED = {"config.changeVersion", "recentTask"};

  private Reconfiguration() {}

  /**
   * Looks and changes until there is nothing to change; a lost answer is one more reason to look.
   *
   * @return whether this changed something
   * @throws FaultException BUSY when others change the VM all the time; what {@code wanted} throws
   */
  static boolean make(
      String what, VCenter vcenter, VmRef vm, Fences.Wanted wanted, String... alsoRead)
      throws RemoteException {
    String[] paths =
        Stream.concat(Arrays.stream(NEEDED), Arrays.stream(alsoRead)).toArray(String[]::new);
    boolean isChanged = false;
    for (int i = 0; i < TRIES; i++) {
      Machine now = Machine.read(vcenter, vm, paths);
      VirtualMachineConfigSpec spec = wanted.of(now).orElse(null);
      if (spec == null) {
        return isChanged;
      }
      spec.setChangeVersion(now.row().get("config.changeVersion", String.class, ""));
      try {
        var _ =
            Tasks.once(
                what,
                now,
                TaskKind.RECONFIGURE,
                live -> live.vim().reconfigVM_Task(now.reference(), spec));
        isChanged = true;
      } catch (ConcurrentAccess faster) {
        // Somebody else has changed it since it was read.
      } catch (LostAnswerException lost) {
        isChanged = true;
      }
    }
    throw new FaultException(
        Fault.BUSY,
        "Could not %s: others change the configuration of %s all the time. It is tried again."
            .formatted(what, vm));
  }
}
