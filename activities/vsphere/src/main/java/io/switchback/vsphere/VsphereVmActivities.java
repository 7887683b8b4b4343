package io.switchback.vsphere;

import com.vmware.vim25.GuestNicInfo;
import com.vmware.vim25.InvalidPowerState;
import com.vmware.vim25.ManagedObjectReference;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.VmActivities;
import java.rmi.RemoteException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Power and networks of VMs at a vCenter. Each change raises the fence, looks, and acts only if
 * needed.
 */
public final class VsphereVmActivities implements VmActivities {
  private static final String TOOLS_RUN = "guestToolsRunning";

  /** What {@link #lookAtVm} reads. */
  private static final String[] STATUS = {
    "config.hardware.device",
    "config.extraConfig",
    "guest.net",
    "guest.ipAddress",
    "guest.toolsRunningStatus"
  };

  private final VCenters vcenters;

  public VsphereVmActivities(VCenters vcenters) {
    this.vcenters = vcenters;
  }

  @Override
  public VmStatus lookAtVm(LookAtVm request) {
    VmRef vm = request.vm();
    return VsphereFaults.translated(
        "look at " + vm,
        () -> {
          VCenter vcenter = vcenters.of(vm);
          Machine machine = Machine.read(vcenter, vm, STATUS);
          Properties.Row row = machine.row();
          boolean isOn = machine.power() == PowerState.ON;
          return new VmStatus(
              vm,
              machine.power(),
              isOn && Cards.of(row).stream().anyMatch(card -> Cards.isPlugged(card, PowerState.ON)),
              isOn ? addresses(row) : List.of(),
              isOn ? serviceAddress(row) : null,
              isOn && areToolsReady(row),
              Disks.capacities(row),
              vcenter.read(live -> live.vim().currentTime(Session.serviceInstance())).toInstant(),
              Fences.seen(row).orElse(null),
              Replicas.idOf(row),
              Cards.isIsolated(row));
        });
  }

  static boolean areToolsReady(Properties.Row row) {
    return TOOLS_RUN.equals(row.get("guest.toolsRunningStatus", String.class));
  }

  static @Nullable String serviceAddress(Properties.Row row) {
    return row.get("guest.ipAddress", String.class);
  }

  /** The guest's addresses but those that every guest makes up for its own link. */
  private static List<String> addresses(Properties.Row row) {
    GuestNicInfo[] cards = row.get("guest.net", GuestNicInfo[].class, new GuestNicInfo[0]);
    List<String> found =
        Arrays.stream(cards)
            .map(GuestNicInfo::getIpAddress)
            .filter(Objects::nonNull)
            .flatMap(Arrays::stream)
            .filter(address -> !GuestAddresses.isOfTheLink(address))
            .toList();
    String first = serviceAddress(row);
    return found.isEmpty() && first != null ? List.of(first) : found;
  }

  @Override
  public Done powerOnVm(ChangePower request) {
    return change("power on " + request.vm(), request, PowerState.ON);
  }

  @Override
  public Done powerOffVm(ChangePower request) {
    return change("power off " + request.vm(), request, PowerState.OFF);
  }

  private Done change(String what, ChangePower request, PowerState wanted) {
    return VsphereFaults.translated(
        what,
        () -> {
          VCenter vcenter = vcenters.of(request.vm());
          RunningActivity.heartbeat(RunningActivity.told(TaskNote.class).orElse(TaskNote.NONE));
          // Before the fence is raised: vCenter changes no configuration while such a task runs.
          Tasks.settle(
              vcenter,
              request.vm(),
              wanted == PowerState.ON ? TaskKind.POWER_ON : TaskKind.POWER_OFF);
          // Also when there is nothing to change, so that a late attempt is refused.
          Machine now = Fences.raise(what, vcenter, request.vm(), request.mandate());
          if (wanted == PowerState.ON && now.power() != wanted) {
            // A late transfer must not write under the guest.
            Attachments.release(what, now);
          }
          boolean changed = now.power() != wanted && isChanged(what, now, wanted);
          return new Done(changed, RunningActivity.attempt());
        });
  }

  /** Whether it was this task that changed it: others may have been faster. */
  @SuppressWarnings("NullAway") // no host is named, so that vCenter chooses one
  private static boolean isChanged(String what, Machine vm, PowerState wanted)
      throws RemoteException {
    ManagedObjectReference reference = vm.reference();
    try {
      StartedTask.End end =
          wanted == PowerState.ON
              ? Tasks.run(
                  what, vm, TaskKind.POWER_ON, live -> live.vim().powerOnVM_Task(reference, null))
              : Tasks.run(
                  what, vm, TaskKind.POWER_OFF, live -> live.vim().powerOffVM_Task(reference));
      if (end == StartedTask.End.DONE || power(vm) == wanted) {
        return true;
      }
      throw Tasks.forgotten(what);
    } catch (InvalidPowerState already) {
      if (power(vm) == wanted) {
        return false;
      }
      throw already;
    }
  }

  private static PowerState power(Machine vm) throws RemoteException {
    return Machine.read(vm.vcenter(), vm.vm()).power();
  }

  @Override
  public Done isolateVm(ChangeNetworks request) {
    return plug("isolate " + request.vm(), request, Cards::isolation);
  }

  @Override
  public Done reconnectVm(ChangeNetworks request) {
    return plug("reconnect " + request.vm(), request, Cards::reconnection);
  }

  private Done plug(String what, ChangeNetworks request, Fences.Wanted wanted) {
    return VsphereFaults.translated(
        what,
        () ->
            new Done(
                Fences.change(
                        what,
                        vcenters.of(request.vm()),
                        request.vm(),
                        request.mandate(),
                        wanted,
                        "config.hardware.device")
                    .changed(),
                RunningActivity.attempt()));
  }
}
