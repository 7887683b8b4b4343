package io.switchback.lab;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import io.switchback.port.GuestActivities;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Guests of lab VMs, through their tools. A change raises the fence, looks, and asks if needed. */
public final class LabGuestActivities implements GuestActivities {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final LabSites sites;

  public LabGuestActivities(LabSites sites) {
    this.sites = sites;
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
            true,
            "The guest's tools answer.",
            LabVmActivities.serviceAddress(view),
            RunningActivity.attempt());
      }
      long left = end - System.nanoTime();
      if (left <= 0) {
        return new GuestReadiness(
            false,
            "The guest's tools did not answer within %s.".formatted(request.limit()),
            LabVmActivities.serviceAddress(view),
            RunningActivity.attempt());
      }
      LockSupport.parkNanos(Math.min(left, LOOK_AGAIN.toNanos()));
    }
  }

  private VmView look(VmRef vm) {
    return LabFaults.translated("look at " + vm, () -> sites.client(vm).look(vm.id()));
  }
}
