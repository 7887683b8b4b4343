package io.switchback.lab;

import io.switchback.model.Fence;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.VmActivities;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Power and networks of lab VMs. Each change raises the fence, looks, and acts only if needed. */
public final class LabVmActivities implements VmActivities {
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
        LabPlaceholderActivities.replicaId(view),
        Isolation.holds(view));
  }

  private static @Nullable Fence fence(@Nullable LabFence seen) {
    return seen == null
        ? null
        : new Fence(seen.generation(), seen.epoch(), seen.step(), (int) seen.attempt());
  }

  private VmView look(VmRef vm) {
    return LabFaults.translated("look at " + vm, () -> sites.client(vm).look(vm.id()));
  }

  /** Where the guest can be reached; null while that is not known. */
  static @Nullable String serviceAddress(VmView view) {
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
}
