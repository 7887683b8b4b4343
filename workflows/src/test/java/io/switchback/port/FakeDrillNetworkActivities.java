package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Mandate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Networks of drills at a {@link FakeSite}. */
class FakeDrillNetworkActivities implements DrillNetworkActivities {
  private static final String HOST = "host-1";

  final FakeSite site;

  FakeDrillNetworkActivities(FakeSite site) {
    this.site = site;
  }

  @Override
  public DrillNetworks makeDrillNetworks(MakeDrillNetworks request) {
    return site.script()
        .run(
            "makeDrillNetworks",
            request.drill(),
            () -> {
              synchronized (site) {
                return make(request);
              }
            });
  }

  private DrillNetworks make(MakeDrillNetworks request) {
    Map<String, String> known = site.drillNetworks();
    fence(request.drill(), request.mandate());
    requireHost(request.host());
    boolean changed = false;
    Map<String, String> made = new LinkedHashMap<>();
    for (String network : wanted(request, known)) {
      String named = name(request.drill(), network);
      changed |= add(known, named);
      refuseConnected(known, named);
      made.put(network, named);
    }
    return new DrillNetworks(made, changed, Attempts.current());
  }

  List<String> wanted(MakeDrillNetworks request, Map<String, String> known) {
    return request.networks();
  }

  boolean add(Map<String, String> known, String network) {
    return known.putIfAbsent(network, "") == null;
  }

  String name(String drill, String network) {
    return network + ", drill " + drill;
  }

  void fence(String drill, Mandate mandate) {
    site.fence("drill/" + drill, mandate);
  }

  void requireHost(String host) {
    if (!host.equals(HOST)) {
      throw new FaultException(
          Fault.INVALID_INPUT, "Could not make networks: there is no host '" + host + "'.");
    }
  }

  void refuseConnected(Map<String, String> known, String network) {
    String reached = known.getOrDefault(network, "");
    if (!reached.isEmpty()) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not make networks: '%s' reaches %s by now.".formatted(network, reached));
    }
  }

  @Override
  public Done removeDrillNetworks(RemoveDrillNetworks request) {
    return site.script()
        .run(
            "removeDrillNetworks",
            request.drill(),
            () -> {
              synchronized (site) {
                return remove(request);
              }
            });
  }

  private Done remove(RemoveDrillNetworks request) {
    Map<String, String> known = site.drillNetworks();
    fence(request.drill(), request.mandate());
    List<String> ours = known.keySet().stream().filter(one -> isOf(request.drill(), one)).toList();
    ours.forEach(this::refusePluggedInto);
    known.keySet().removeAll(ours);
    return new Done(!ours.isEmpty(), Attempts.current());
  }

  boolean isOf(String drill, String network) {
    return network.endsWith(", drill " + drill);
  }

  void refusePluggedInto(String network) {
    site.answered().stream()
        .filter(vm -> vm.hardware.nics().stream().anyMatch(nic -> nic.network().equals(network)))
        .findFirst()
        .ifPresent(
            vm -> {
              throw new FaultException(
                  Fault.REFUSED,
                  "Could not remove '%s': %s is plugged into it.".formatted(network, vm.ref));
            });
  }
}
