package io.switchback.lab;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.VmActivities;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Power and guests of lab VMs. Each change raises the fence, looks, and acts only if needed. */
public final class LabVmActivities implements VmActivities {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final LabSites sites;

  public LabVmActivities(LabSites sites) {
    this.sites = sites;
  }

  @Override
  public VmStatus lookAtVm(LookAtVm request) {
    VmView view = look(request.vm());
    Map<String, Long> disks = new LinkedHashMap<>();
    view.disks().forEach(disk -> disks.put(disk.id(), disk.capacityBytes()));
    return new VmStatus(
        request.vm(),
        view.power() == PowerState.ON
            ? io.switchback.model.PowerState.ON
            : io.switchback.model.PowerState.OFF,
        view.power() == PowerState.ON && view.networks().stream().anyMatch(NetworkCard::connected),
        view.networks().stream().map(NetworkCard::address).filter(Objects::nonNull).toList(),
        serviceAddress(view),
        view.toolsReady(),
        disks,
        view.at(),
        fence(view.fence()),
        LabPlaceholderActivities.replicaId(view));
  }

  private static @Nullable Fence fence(@Nullable LabFence seen) {
    return seen == null
        ? null
        : new Fence(seen.generation(), seen.epoch(), seen.step(), (int) seen.attempt());
  }

  private VmView look(VmRef vm) {
    return LabFaults.translated("look at " + vm, () -> sites.client(vm).look(vm.id()));
  }

  private static @Nullable String serviceAddress(VmView view) {
    URI service = view.service();
    return service == null ? null : service.getHost() + ":" + service.getPort();
  }

  @Override
  public Done powerOnVm(ChangePower request) {
    return change("power on " + request.vm(), request, PowerState.ON, LabFault.ALREADY_POWERED_ON);
  }

  @Override
  public Done powerOffVm(ChangePower request) {
    return change(
        "power off " + request.vm(), request, PowerState.OFF, LabFault.ALREADY_POWERED_OFF);
  }

  private Done change(String what, ChangePower request, PowerState wanted, LabFault alreadySo) {
    LabClient site = sites.client(request.vm());
    Stamp stamp = LabSites.stamp(request.mandate());
    String vm = request.vm().id();
    return LabFaults.translated(
        what,
        () ->
            RunningActivity.alive(
                what,
                () -> {
                  // First, so that a late attempt is refused also when there is nothing to change.
                  site.fence(vm, stamp);
                  if (site.look(vm).power() == wanted) {
                    return new Done(false, RunningActivity.attempt());
                  }
                  try {
                    var _ =
                        wanted == PowerState.ON
                            ? site.powerOn(vm, stamp)
                            : site.powerOff(vm, stamp);
                    return new Done(true, RunningActivity.attempt());
                  } catch (LabException e) {
                    if (e.is(alreadySo)) {
                      return new Done(false, RunningActivity.attempt());
                    }
                    throw e;
                  }
                }));
  }

  @Override
  public Done isolateVm(ChangeNetworks request) {
    return plug("isolate " + request.vm(), request, Isolation::of);
  }

  @Override
  public Done reconnectVm(ChangeNetworks request) {
    return plug("reconnect " + request.vm(), request, Isolation::undone);
  }

  private Done plug(
      String what, ChangeNetworks request, Function<VmView, Optional<VmChange>> wanted) {
    LabClient site = sites.client(request.vm());
    Stamp stamp = LabSites.stamp(request.mandate());
    String vm = request.vm().id();
    return LabFaults.translated(
        what,
        () -> {
          // First, so that a late attempt is refused also when there is nothing to change.
          site.fence(vm, stamp);
          Optional<VmChange> change = wanted.apply(site.look(vm));
          change.ifPresent(one -> site.reconfigureVm(vm, one, stamp));
          return new Done(change.isPresent(), RunningActivity.attempt());
        });
  }

  @Override
  public GuestShutDown shutDownGuest(ShutDownGuest request) {
    String what = "shut down " + request.vm();
    LabClient site = sites.client(request.vm());
    Stamp stamp = LabSites.stamp(request.mandate());
    String vm = request.vm().id();
    return LabFaults.translated(
        what,
        () -> {
          RunningActivity.heartbeat(what);
          // First, so that a late attempt is refused also when there is nothing to change.
          site.fence(vm, stamp);
          if (site.look(vm).power() == PowerState.OFF) {
            return ended(ShutDownEnd.OFF_ALREADY, "It is off already.");
          }
          return awaitEnd(what, request.limit(), new GuestEnding(site, vm, stamp));
        });
  }

  /** The guest is told only once; who asked it waits for as long as the limit allows. */
  private static GuestShutDown awaitEnd(String what, Duration limit, GuestEnding ending) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      RunningActivity.heartbeat(what);
      long left = end - System.nanoTime();
      Optional<ShutDownEnd> came =
          ending.await(Duration.ofNanos(Math.clamp(left, 0, LOOK_AGAIN.toNanos())));
      if (came.isPresent()) {
        return ended(
            came.get(),
            came.get() == ShutDownEnd.NO_TOOLS
                ? "The guest cannot be asked: its tools do not run."
                : "The guest has shut down.");
      }
      if (left <= 0) {
        return ended(
            ShutDownEnd.LIMIT_PASSED, "The guest did not shut down within %s.".formatted(limit));
      }
    }
  }

  private static GuestShutDown ended(ShutDownEnd end, String detail) {
    return new GuestShutDown(end, detail, RunningActivity.attempt());
  }

  @Override
  public GuestReadiness awaitGuest(AwaitGuest request) {
    long end = System.nanoTime() + request.limit().toNanos();
    while (true) {
      RunningActivity.heartbeat("waiting for the guest of " + request.vm());
      VmView view = look(request.vm());
      if (view.power() == PowerState.OFF) {
        throw new FaultException(
            Fault.WRONG_POWER_STATE,
            "Could not wait for the guest of %s: the VM is off. Look who powered it off, then power it on."
                .formatted(request.vm()));
      }
      if (view.toolsReady()) {
        return new GuestReadiness(
            true, "The guest's tools answer.", serviceAddress(view), RunningActivity.attempt());
      }
      long left = end - System.nanoTime();
      if (left <= 0) {
        return new GuestReadiness(
            false,
            "The guest's tools did not answer within %s.".formatted(request.limit()),
            serviceAddress(view),
            RunningActivity.attempt());
      }
      LockSupport.parkNanos(Math.min(left, LOOK_AGAIN.toNanos()));
    }
  }
}
