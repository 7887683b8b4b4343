package io.switchback.vsphere;

import com.vmware.vim25.InvalidPowerState;
import com.vmware.vim25.ToolsUnavailable;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.switchback.port.GuestActivities;
import io.switchback.vsphere.soap.LostAnswerException;
import java.rmi.RemoteException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Guests of VMs at a vCenter, through VMware Tools. A change raises the fence, looks, and asks if
 * needed.
 */
public final class VsphereGuestActivities implements GuestActivities {
  private static final String SHUT_DOWN = "ShutdownGuest";
  private static final String[] READINESS = {
    "runtime.powerState", "guest.toolsRunningStatus", "guest.ipAddress"
  };

  private final VCenters vcenters;

  public VsphereGuestActivities(VCenters vcenters) {
    this.vcenters = vcenters;
  }

  @Override
  public GuestShutDown shutDownGuest(ShutDownGuest request) {
    String what = "shut down " + request.vm();
    // A guest on its way down loses its tools before it is off: who has asked must not ask again.
    boolean isAsked =
        RunningActivity.told(TaskNote.class)
            .filter(note -> note.method().equals(SHUT_DOWN) && note.vm().equals(request.vm().id()))
            .isPresent();
    return VsphereFaults.translated(
        what,
        () -> {
          VCenter vcenter = vcenters.of(request.vm());
          // First, so that a late attempt is refused also when there is nothing to change.
          Machine now =
              Fences.raise(
                  what, vcenter, request.vm(), request.mandate(), "guest.toolsRunningStatus");
          Optional<GuestShutDown> noNeed = isAsked ? off(now) : refusal(now);
          if (noNeed.isPresent()) {
            return noNeed.get();
          }
          if (!isAsked) {
            ShutDownEnd refused = ask(now);
            if (refused != null) {
              return ended(refused);
            }
          }
          return awaitOff(now, request);
        });
  }

  private static Optional<GuestShutDown> off(Machine now) {
    return now.power() == PowerState.OFF
        ? Optional.of(ended(ShutDownEnd.OFF_ALREADY))
        : Optional.empty();
  }

  private static Optional<GuestShutDown> refusal(Machine now) {
    boolean cannotBeAsked =
        now.power() == PowerState.SUSPENDED || !VsphereVmActivities.areToolsReady(now.row());
    return off(now)
        .or(() -> cannotBeAsked ? Optional.of(ended(ShutDownEnd.NO_TOOLS)) : Optional.empty());
  }

  /** Asks the guest. What it answers is seen by the VM's power; null when there is no refusal. */
  private static @Nullable ShutDownEnd ask(Machine vm) throws RemoteException {
    RunningActivity.heartbeat(new TaskNote("", SHUT_DOWN, vm.vm().id()));
    try {
      vm.vcenter()
          .<@Nullable Void>change(
              live -> {
                live.vim().shutdownGuest(vm.reference());
                return null;
              });
      return null;
    } catch (ToolsUnavailable none) {
      return ShutDownEnd.NO_TOOLS;
    } catch (InvalidPowerState off) {
      if (Machine.read(vm.vcenter(), vm.vm()).power() == PowerState.OFF) {
        return ShutDownEnd.OFF_ALREADY;
      }
      throw off;
    } catch (LostAnswerException maybeAsked) {
      return null;
    }
  }

  private static GuestShutDown awaitOff(Machine vm, ShutDownGuest request) throws RemoteException {
    TaskNote note = new TaskNote("", SHUT_DOWN, vm.vm().id());
    RunningActivity.heartbeat(note);
    Optional<Properties.Row> off =
        Watch.until(
            vm.vcenter(),
            new Watch.Target(vm.reference(), "runtime.powerState"),
            request.limit(),
            row -> Machine.power(row) == PowerState.OFF,
            () -> RunningActivity.heartbeat(note));
    return off.isPresent()
        ? ended(ShutDownEnd.SHUT_DOWN)
        : new GuestShutDown(
            ShutDownEnd.LIMIT_PASSED,
            "The guest did not shut down within %s.".formatted(request.limit()),
            RunningActivity.attempt());
  }

  private static GuestShutDown ended(ShutDownEnd end) {
    String detail =
        switch (end) {
          case OFF_ALREADY -> "It is off already.";
          case NO_TOOLS -> "The guest cannot be asked: VMware Tools do not run in it.";
          default -> "The guest has shut down.";
        };
    return new GuestShutDown(end, detail, RunningActivity.attempt());
  }

  @Override
  public GuestReadiness awaitGuest(AwaitGuest request) {
    VmRef vm = request.vm();
    String what = "wait for the guest of " + vm;
    RunningActivity.heartbeat(what);
    return VsphereFaults.translated(
        what,
        () -> {
          Machine now = Machine.read(vcenters.of(vm), vm, READINESS);
          Optional<Properties.Row> ready =
              Watch.until(
                  now.vcenter(),
                  new Watch.Target(now.reference(), READINESS),
                  request.limit(),
                  row -> isReady(what, row),
                  () -> RunningActivity.heartbeat(what));
          return new GuestReadiness(
              ready.isPresent(),
              ready.isPresent()
                  ? "VMware Tools answer."
                  : "VMware Tools did not answer within %s.".formatted(request.limit()),
              ready.map(VsphereVmActivities::serviceAddress).orElse(null),
              RunningActivity.attempt());
        });
  }

  private static boolean isReady(String what, Properties.Row row) {
    if (Machine.power(row) != PowerState.ON) {
      throw new FaultException(
          Fault.WRONG_POWER_STATE,
          "Could not %s: the VM is %s. Look who did that, then power it on."
              .formatted(what, Machine.power(row)));
    }
    return VsphereVmActivities.areToolsReady(row);
  }
}
