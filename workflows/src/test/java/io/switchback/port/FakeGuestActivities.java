package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;

/** Guests of a {@link FakeSite}. */
class FakeGuestActivities implements GuestActivities {
  final FakeSite site;

  FakeGuestActivities(FakeSite site) {
    this.site = site;
  }

  /** The VM, for somebody who would change it under {@code mandate}. */
  FakeVm admit(VmRef vm, Mandate mandate) {
    return site.vm(vm, mandate);
  }

  // A fake has no time to wait: a stubborn guest's limit is over at once.
  @Override
  public GuestShutDown shutDownGuest(ShutDownGuest request) {
    return site.script()
        .run(
            "shutDownGuest",
            request.vm().id(),
            () -> {
              Attempts.heartbeat("waiting for the guest of " + request.vm() + " to end");
              synchronized (site) {
                FakeVm vm = admit(request.vm(), request.mandate());
                if (vm.power == PowerState.OFF) {
                  return answer(ShutDownEnd.OFF_ALREADY, "It is off already.");
                }
                if (!vm.isReady()) {
                  return answer(ShutDownEnd.NO_TOOLS, "The guest's tools do not answer.");
                }
                if (vm.stubborn) {
                  return answer(
                      ShutDownEnd.LIMIT_PASSED,
                      "The guest did not end within " + request.limit() + ".");
                }
                shutDown(vm, request);
                return answer(ShutDownEnd.SHUT_DOWN, "The guest has shut down.");
              }
            });
  }

  static GuestShutDown answer(ShutDownEnd end, String detail) {
    return new GuestShutDown(end, detail, Attempts.current());
  }

  void shutDown(FakeVm vm, ShutDownGuest request) {
    site.flush(vm);
    vm.power = PowerState.OFF;
    site.note(Effect.by(request.mandate(), "shutDown", vm.ref.id()));
  }

  @Override
  public GuestReadiness awaitGuest(AwaitGuest request) {
    return site.script().run("awaitGuest", request.vm().id(), () -> await(request));
  }

  // A fake has no time to wait: a guest that will be ready is ready after so many looks, and the
  // limit of one that never will be is over at once.
  private GuestReadiness await(AwaitGuest request) {
    while (true) {
      Attempts.heartbeat("waiting for the guest of " + request.vm());
      synchronized (site) {
        FakeVm vm = site.vm(request.vm());
        if (vm.power != PowerState.ON) {
          throw new FaultException(
              Fault.WRONG_POWER_STATE,
              "Could not wait for the guest of %s: it is off. Power it on."
                  .formatted(request.vm()));
        }
        if (vm.looksReady()) {
          return new GuestReadiness(
              true, "The guest's tools answer.", vm.serviceAddress, Attempts.current());
        }
        if (vm.looksUntilReady == FakeVm.NEVER) {
          return new GuestReadiness(
              false,
              "The guest's tools did not answer within " + request.limit() + ".",
              vm.serviceAddress,
              Attempts.current());
        }
      }
    }
  }
}
