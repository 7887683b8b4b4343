package io.switchback.worker.run;

import io.switchback.fault.FaultException;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.Replica;
import io.switchback.model.SiteSettings;
import io.switchback.model.VmProfile;
import io.switchback.operation.FailbackAsked;
import io.switchback.operation.LocationPlan;
import io.switchback.operation.NewLocation;
import io.switchback.operation.OperationRequest;
import io.switchback.operation.PlannedLocation;
import io.switchback.port.InventoryActivities;
import io.switchback.port.InventoryActivities.DescribeVm;
import io.switchback.port.ProtectionPlanActivities;
import io.switchback.port.ProtectionPlanActivities.FindStandings;
import io.switchback.port.ProtectionPlanActivities.Protection;
import io.switchback.port.RoomActivities;
import io.switchback.port.RoomActivities.MeasureRoom;
import io.switchback.port.SiteActivities;
import io.switchback.port.SiteSettingsActivities;
import io.switchback.port.SiteSettingsActivities.ReadSites;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import java.util.ArrayList;
import java.util.List;

/**
 * Says how the VM would be that a failback makes, by the same plan that the run makes. Changes
 * nothing.
 */
public final class LocationPreview {
  private final ProtectionPlanActivities registry;
  private final SiteSettingsActivities settings;
  private final InventoryActivities inventory;
  private final SiteActivities sites;
  private final RoomActivities rooms;

  public LocationPreview(
      ProtectionPlanActivities registry,
      SiteSettingsActivities settings,
      InventoryActivities inventory,
      SiteActivities sites,
      RoomActivities rooms) {
    this.registry = registry;
    this.settings = settings;
    this.inventory = inventory;
    this.sites = sites;
    this.rooms = rooms;
  }

  /**
   * How the VM would be, in sentences.
   *
   * @throws Refusal with every mistake, or when a site cannot be asked from here
   */
  List<String> notes(Replica replica, NewLocation location, FailbackAsked asked) {
    try {
      LocationPlan plan = plan(replica, location, asked.powerOn());
      if (!plan.mistakes().isEmpty()) {
        throw OperationRequest.invalid(plan.mistakes());
      }
      List<String> notes = new ArrayList<>(plan.notes());
      notes.add(words(replica, plan.planned()));
      return notes;
    } catch (FaultException fault) {
      throw new Refusal(ExitCode.USAGE, fault.sentence(), fault);
    }
  }

  private LocationPlan plan(Replica replica, NewLocation location, boolean starts) {
    String site = replica.production().site();
    VmProfile seen = inventory.describeVm(new DescribeVm(replica.recovery()));
    LocationPlan plan = LocationPlan.of(replica, location, seen, map(replica), settings(site));
    plan.refuseNamesakes(inventory.findVms(plan.namesake()));
    plan.refuse(sites.checkSite(plan.needs()).findings());
    plan.refuseLackOf(rooms.measureRoom(new MeasureRoom(site, List.of())), starts);
    return plan;
  }

  private List<NetworkMapping> map(Replica replica) {
    Protection known =
        registry
            .findStandings(new FindStandings(List.of(replica.production())))
            .vms()
            .getFirst()
            .protectedBy();
    return known == null ? List.of() : known.networks();
  }

  private SiteSettings settings(String site) {
    return settings.readSites(new ReadSites()).sites().stream()
        .filter(known -> known.name().equals(site))
        .findFirst()
        .orElseGet(() -> SiteSettings.of(site));
  }

  private static String words(Replica replica, PlannedLocation planned) {
    Placement place = planned.placement();
    return "makes '%s' at site '%s', on host %s, datastore %s, folder %s, with %d disks of format %s, on networks %s; everything is copied, and %s stays as it is"
        .formatted(
            planned.name(),
            replica.production().site(),
            or(place.host(), "of the site's choice"),
            or(place.datastore(), "of the site's choice"),
            or(place.folder(), "of the site's choice"),
            replica.disks().size(),
            planned.format(),
            planned.hardware().nics().isEmpty()
                ? "none"
                : String.join(", ", planned.hardware().nics().stream().map(Nic::network).toList()),
            replica.production());
  }

  private static String or(String value, String otherwise) {
    return value.isEmpty() ? otherwise : "'" + value + "'";
  }
}
