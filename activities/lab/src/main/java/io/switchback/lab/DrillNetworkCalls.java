package io.switchback.lab;

import java.io.IOException;

/** The daemon's calls about networks of drills. */
final class DrillNetworkCalls {
  private final LabSite site;
  private final IsolatedNetworks networks;

  private DrillNetworkCalls(LabSite site) {
    this.site = site;
    this.networks = site.room().isolated();
  }

  static void addTo(Calls calls, LabSite site) {
    DrillNetworkCalls ours = new DrillNetworkCalls(site);
    calls.add("makeDrillNetworks", Requests.MakeNetworks.class, ours::make);
    calls.add("removeDrillNetworks", Requests.RemoveNetworks.class, ours::remove);
    calls.addLook(
        "isolatedNetworks",
        Requests.OfSite.class,
        request -> new Requests.Networks(ours.networks.list()));
    calls.add(
        "connectNetwork",
        Requests.ConnectNetwork.class,
        request -> {
          ours.networks.connect(site.journal(), request.network(), request.reaches());
          return Calls.DONE;
        });
  }

  private Requests.MadeNetworks make(Requests.MakeNetworks request) throws IOException {
    site.room().checkHost(request.host());
    return networks.make(
        site, request.drill(), request.host(), request.networks(), request.stamp());
  }

  private Requests.Done remove(Requests.RemoveNetworks request) throws IOException {
    return new Requests.Done(
        networks.remove(site, request.drill(), request.host(), request.stamp()));
  }
}
