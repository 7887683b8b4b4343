package io.switchback.vsphere;

import com.vmware.vim25.AboutInfo;
import io.switchback.model.SiteFact;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteLook;
import io.switchback.port.RoomActivities.MeasureRoom;
import io.switchback.port.RoomActivities.Room;
import io.switchback.port.SiteActivities.CheckSite;
import java.rmi.RemoteException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Everything at a vCenter that is not as the site's operator describes it, and what there is. */
final class SiteSurvey {
  private static final String[] OF_VMS =
      Stream.concat(Arrays.stream(Protectable.NEEDED), Arrays.stream(ApplianceSurvey.NEEDED))
          .distinct()
          .toArray(String[]::new);

  private final CheckSite request;
  private final VCenter vcenter;
  private final ApplianceSurvey appliances;
  private final List<SiteFinding> findings = new ArrayList<>();
  private final List<SiteFact> facts = new ArrayList<>();

  private SiteSurvey(CheckSite request, VCenter vcenter, ApplianceSurvey appliances) {
    this.request = request;
    this.vcenter = vcenter;
    this.appliances = appliances;
  }

  /** What was found, and what was seen. */
  record Seen(List<SiteFinding> findings, List<SiteFact> facts) {}

  /**
   * Reads everything once.
   *
   * @param now the worker's clock, whenever it is asked
   */
  static Seen of(
      CheckSite request, VCenter vcenter, Supplier<Instant> now, ApplianceSurvey appliances)
      throws RemoteException {
    SiteSurvey survey = new SiteSurvey(request, vcenter, appliances);
    survey.look(now);
    return new Seen(List.copyOf(survey.findings), List.copyOf(survey.facts));
  }

  private void look(Supplier<Instant> now) throws RemoteException {
    String site = request.site().name();
    AboutInfo about = vcenter.about();
    facts.add(
        new SiteFact(
            "version",
            "%s, API %s, spoken to in %s"
                .formatted(about.getFullName(), about.getApiVersion(), vcenter.spoken())));
    facts.add(new SiteFact("vCenter", about.getInstanceUuid()));
    SiteNames names = SiteNames.read(vcenter);
    Room room = VsphereRoomActivities.room(vcenter, new MeasureRoom(site, List.of()));
    SiteLook look = look(room, names);
    findings.addAll(
        look.findings(request.site(), request.changes(), request.networks(), now.get()));
    facts.addAll(look.facts());
    if (request.changes()) {
      findings.addAll(vcenter.read(live -> Privileges.missing(site, live)));
    }
    List<Properties.Row> vms = vcenter.read(live -> Properties.all(live, "VirtualMachine", OF_VMS));
    vms(vms);
    if (request.changes()) {
      findings.addAll(appliances.findings(vms));
      facts.addAll(appliances.facts(vms));
    }
  }

  // A vCenter does not call itself as its site is called here: by its uuid it is known again.
  private SiteLook look(Room room, SiteNames names) {
    return new SiteLook(
        request.site().name(),
        room.at(),
        true,
        room.hosts().stream()
            .map(host -> new SiteLook.Host(host.name(), host.freeCpus(), host.freeMemoryBytes()))
            .toList(),
        room.datastores().stream()
            .map(
                store ->
                    new SiteLook.Datastore(store.name(), store.capacityBytes(), store.freeBytes()))
            .toList(),
        names.networks(),
        names.folders());
  }

  private void vms(List<Properties.Row> vms) {
    String site = request.site().name();
    String appliance = request.site().appliance();
    Map<String, List<String>> obstacles = new TreeMap<>();
    List<String> untracked = new ArrayList<>();
    List<String> untrackable = new ArrayList<>();
    boolean hasAppliance = appliance.isEmpty();
    for (Properties.Row vm : vms) {
      String name = SiteNames.decoded(vm.get("name", String.class, vm.object().getVal()));
      hasAppliance |= appliance.equals(name);
      if (!vm.get("config.template", Boolean.class, false)) {
        Protectable.obstacles(vm)
            .forEach(why -> obstacles.computeIfAbsent(why, unseen -> new ArrayList<>()).add(name));
        if (!vm.get("config.changeTrackingEnabled", Boolean.class, false)) {
          (SnapshotTree.of(vm).nodes().isEmpty() ? untracked : untrackable).add(name);
        }
      }
    }
    obstacles.forEach((why, which) -> findings.add(SiteFinding.notProtectable(site, which, why)));
    facts.add(new SiteFact("VMs", Integer.toString(vms.size())));
    facts.add(new SiteFact("change tracking", tracking(untracked, untrackable)));
    if (!hasAppliance) {
      findings.add(SiteFinding.applianceMissing(site, appliance));
    }
  }

  private static String tracking(List<String> untracked, List<String> untrackable) {
    List<String> said = new ArrayList<>();
    if (!untracked.isEmpty()) {
      said.add(
          "off for %d, and turned on when they are protected: %s"
              .formatted(untracked.size(), SiteFinding.some(untracked)));
    }
    if (!untrackable.isEmpty()) {
      said.add(
          "off for %d until their snapshots are removed: %s"
              .formatted(untrackable.size(), SiteFinding.some(untrackable)));
    }
    return said.isEmpty() ? "on for all" : String.join("; ", said);
  }
}
