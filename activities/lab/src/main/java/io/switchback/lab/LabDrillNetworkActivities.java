package io.switchback.lab;

import io.switchback.port.Done;
import io.switchback.port.DrillNetworkActivities;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Networks of drills at a lab site, which remembers them and what they reach. */
public final class LabDrillNetworkActivities implements DrillNetworkActivities {
  private final LabSites sites;

  public LabDrillNetworkActivities(LabSites sites) {
    this.sites = sites;
  }

  @Override
  public DrillNetworks makeDrillNetworks(MakeDrillNetworks request) {
    return act(
        "make networks %s for drill '%s' at host '%s' of site '%s'"
            .formatted(request.networks(), request.drill(), request.host(), request.site()),
        () -> {
          Requests.MadeNetworks made =
              sites
                  .client(request.site())
                  .makeDrillNetworks(
                      request.drill(),
                      request.host(),
                      request.networks(),
                      LabSites.stamp(request.mandate()));
          return new DrillNetworks(
              made.networks().stream()
                  .collect(Collectors.toMap(IsolatedNetwork::standsFor, IsolatedNetwork::name)),
              made.changed(),
              RunningActivity.attempt());
        });
  }

  @Override
  public Done removeDrillNetworks(RemoveDrillNetworks request) {
    return act(
        "remove the networks of drill '%s' at host '%s' of site '%s'"
            .formatted(request.drill(), request.host(), request.site()),
        () ->
            new Done(
                sites
                    .client(request.site())
                    .removeDrillNetworks(
                        request.drill(), request.host(), LabSites.stamp(request.mandate())),
                RunningActivity.attempt()));
  }

  private static <T> T act(String what, Supplier<T> act) {
    return LabFaults.translated(what, () -> RunningActivity.alive(what, act));
  }
}
