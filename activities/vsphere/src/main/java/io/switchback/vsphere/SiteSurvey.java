package io.switchback.vsphere;

import com.vmware.vim25.AboutInfo;
import io.switchback.model.SiteFact;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteLook;
import io.switchback.model.SiteVm;
import io.switchback.model.SiteVm.Tracking;
import io.switchback.port.RoomActivities.MeasureRoom;
import io.switchback.port.RoomActivities.Room;
import io.switchback.port.SiteActivities.CheckSite;
import java.rmi.RemoteException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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
  private final List<SiteVm> vms = new ArrayList<>();

  private SiteSurvey(CheckSite request, VCenter vcenter, ApplianceSurvey appliances) {
    this.request = request;
    this.vcenter = vcenter;
    this.appliances = appliances;
  }

  /** What was found, and what was seen. */
  record Seen(List<SiteFinding> findings, List<SiteFact> facts, List<SiteVm> vms) {}

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
    return new Seen(
        List.copyOf(survey.findings),
        List.copyOf(survey.facts),
        request.changes() ? List.copyOf(survey.vms) : List.of());
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
    List<Properties.Row> rows =
        vcenter.read(live -> Properties.all(live, "VirtualMachine", OF_VMS));
    describe(rows);
    if (request.changes()) {
      findings.addAll(appliances.findings(rows));
      facts.addAll(appliances.facts(rows));
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

  private static SiteVm vm(Properties.Row row) {
    Tracking tracking =
        row.get("config.changeTrackingEnabled", Boolean.class, false)
            ? Tracking.ON
            : SnapshotTree.of(row).nodes().isEmpty() ? Tracking.OFF : Tracking.SNAPSHOTS;
    return new SiteVm(name(row), tracking, Protectable.obstacles(row));
  }

  private static String name(Properties.Row row) {
    return SiteNames.decoded(row.get("name", String.class, row.object().getVal()));
  }

  private void describe(List<Properties.Row> rows) {
    String site = request.site().name();
    String appliance = request.site().appliance();
    rows.stream()
        .filter(row -> !row.get("config.template", Boolean.class, false))
        .map(SiteSurvey::vm)
        .sorted(Comparator.comparing(SiteVm::name))
        .forEach(vms::add);
    Map<String, List<String>> obstacles = new TreeMap<>();
    vms.forEach(
        vm ->
            vm.obstacles()
                .forEach(
                    why ->
                        obstacles
                            .computeIfAbsent(why, unseen -> new ArrayList<>())
                            .add(vm.name())));
    obstacles.forEach((why, which) -> findings.add(SiteFinding.notProtectable(site, which, why)));
    facts.add(new SiteFact("VMs", Integer.toString(rows.size())));
    facts.add(new SiteFact("change tracking", tracking()));
    if (!appliance.isEmpty() && rows.stream().noneMatch(row -> name(row).equals(appliance))) {
      findings.add(SiteFinding.applianceMissing(site, appliance));
    }
  }

  private String tracking() {
    List<String> said =
        Stream.of(Tracking.OFF, Tracking.SNAPSHOTS)
            .filter(state -> !called(state).isEmpty())
            .map(
                state ->
                    "%s for %d: %s"
                        .formatted(
                            state.words(), called(state).size(), SiteFinding.some(called(state))))
            .toList();
    return said.isEmpty() ? "on for all" : String.join("; ", said);
  }

  private List<String> called(Tracking state) {
    return vms.stream().filter(vm -> vm.tracking() == state).map(SiteVm::name).toList();
  }
}
