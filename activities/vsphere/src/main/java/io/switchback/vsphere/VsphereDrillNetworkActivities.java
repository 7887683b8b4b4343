package io.switchback.vsphere;

import io.switchback.model.Mandate;
import io.switchback.port.Done;
import io.switchback.port.DrillNetworkActivities;
import java.rmi.RemoteException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Networks of drills at a vCenter's hosts. Their names follow from the drill and the network that
 * each stands for, so that an attempt whose answer was lost finds what it has made.
 */
public final class VsphereDrillNetworkActivities implements DrillNetworkActivities {
  private final VCenters vcenters;

  public VsphereDrillNetworkActivities(VCenters vcenters) {
    this.vcenters = vcenters;
  }

  @Override
  public DrillNetworks makeDrillNetworks(MakeDrillNetworks request) {
    String what =
        "make networks for drill '%s' at host '%s' of site '%s'"
            .formatted(request.drill(), request.host(), request.site());
    return run(
        what,
        request.site(),
        request.drill(),
        request.mandate(),
        vcenter -> {
          HostDrillNetworks before = HostDrillNetworks.read(what, vcenter, request.host());
          boolean changed = false;
          for (String network : request.networks()) {
            changed |= before.make(what, request.drill(), network);
          }
          HostDrillNetworks now = HostDrillNetworks.read(what, vcenter, request.host());
          Map<String, String> names = new LinkedHashMap<>();
          for (String network : request.networks()) {
            now.prove(what, request.drill(), network);
            names.put(network, HostDrillNetworks.name(request.drill(), network));
          }
          return new DrillNetworks(names, changed, RunningActivity.attempt());
        });
  }

  @Override
  public Done removeDrillNetworks(RemoveDrillNetworks request) {
    String what =
        "remove the networks of drill '%s' from host '%s' of site '%s'"
            .formatted(request.drill(), request.host(), request.site());
    return run(
        what,
        request.site(),
        request.drill(),
        request.mandate(),
        vcenter ->
            new Done(
                HostDrillNetworks.read(what, vcenter, request.host()).remove(what, request.drill()),
                RunningActivity.attempt()));
  }

  private interface Act<T> {
    T at(VCenter vcenter) throws RemoteException;
  }

  /** Acts once the drill's fence is raised; there is no VM that could keep it. */
  private <T> T run(String what, String site, String drill, Mandate mandate, Act<T> act) {
    return VsphereFaults.translated(
        what,
        () ->
            RunningActivity.alive(
                what,
                () -> {
                  VCenter vcenter = vcenters.at(site);
                  GivenUp.ofDrills(vcenter)
                      .record(
                          what,
                          "drill/" + drill,
                          mandate.atAttempt(RunningActivity.attempt()).fence());
                  return act.at(vcenter);
                }));
  }
}
