package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Power and networks of a {@link FakeSite}. */
class FakeVmActivities implements VmActivities {
  final FakeSite site;

  FakeVmActivities(FakeSite site) {
    this.site = site;
  }

  /** The VM, for somebody who would change it under {@code mandate}. */
  FakeVm admit(VmRef vm, Mandate mandate) {
    return site.vm(vm, mandate);
  }

  @Override
  public VmStatus lookAtVm(LookAtVm request) {
    return site.script()
        .run(
            "lookAtVm",
            request.vm().id(),
            () -> {
              synchronized (site) {
                return status(site.vm(request.vm()));
              }
            });
  }

  private VmStatus status(FakeVm vm) {
    Map<String, Long> disks = new LinkedHashMap<>();
    vm.disks.forEach((id, disk) -> disks.put(id, disk.capacityBytes()));
    boolean runs = vm.power == PowerState.ON;
    return new VmStatus(
        vm.ref,
        vm.power,
        runs && vm.connected,
        vm.addresses,
        runs ? vm.serviceAddress : null,
        vm.isReady(),
        disks,
        site.now(),
        vm.fence,
        vm.managedBy,
        vm.isolated && !vm.connected);
  }

  @Override
  public Done powerOnVm(ChangePower request) {
    return site.script()
        .run(
            "powerOnVm",
            request.vm().id(),
            () -> {
              synchronized (site) {
                FakeVm vm = admit(request.vm(), request.mandate());
                if (vm.power == PowerState.ON) {
                  return new Done(false, Attempts.current());
                }
                powerOn(vm, request);
                return new Done(true, Attempts.current());
              }
            });
  }

  void powerOn(FakeVm vm, ChangePower request) {
    if (!site.hasRoom()) {
      throw new FaultException(
          Fault.NO_CAPACITY,
          "Could not power on %s: no host has room. Free memory, then retry the step."
              .formatted(request.vm()));
    }
    vm.power = PowerState.ON;
    vm.looks = 0;
    site.note(Effect.by(request.mandate(), "powerOn", vm.ref.id()));
  }

  @Override
  public Done powerOffVm(ChangePower request) {
    return site.script()
        .run(
            "powerOffVm",
            request.vm().id(),
            () -> {
              synchronized (site) {
                FakeVm vm = admit(request.vm(), request.mandate());
                if (vm.power == PowerState.OFF) {
                  return new Done(false, Attempts.current());
                }
                powerOff(vm, request);
                return new Done(true, Attempts.current());
              }
            });
  }

  void powerOff(FakeVm vm, ChangePower request) {
    vm.power = PowerState.OFF;
    vm.unflushed.clear();
    site.note(Effect.by(request.mandate(), "powerOff", vm.ref.id()));
  }

  @Override
  public Done isolateVm(ChangeNetworks request) {
    return plug(
        "isolateVm",
        request,
        vm -> {
          boolean changed = vm.connected;
          vm.isolated |= vm.connected;
          vm.connected = false;
          return changed;
        });
  }

  @Override
  public Done reconnectVm(ChangeNetworks request) {
    return plug(
        "reconnectVm",
        request,
        vm -> {
          boolean changed = vm.isolated && !vm.connected;
          vm.connected |= vm.isolated;
          vm.isolated = false;
          return changed;
        });
  }

  private Done plug(String what, ChangeNetworks request, Predicate<FakeVm> act) {
    return site.script()
        .run(
            what,
            request.vm().id(),
            () -> {
              synchronized (site) {
                FakeVm vm = admit(request.vm(), request.mandate());
                boolean changed = act.test(vm);
                if (changed) {
                  site.note(Effect.by(request.mandate(), what, vm.ref.id()));
                }
                return new Done(changed, Attempts.current());
              }
            });
  }
}
