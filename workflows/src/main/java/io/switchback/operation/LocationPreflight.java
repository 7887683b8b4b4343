package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Replica;
import io.switchback.model.SiteSettings;
import io.switchback.model.VmProfile;
import io.switchback.port.InventoryActivities.DescribeVm;
import io.switchback.port.ProtectionPlanActivities.FindStandings;
import io.switchback.port.ProtectionPlanActivities.Protection;
import io.switchback.port.RoomActivities.MeasureRoom;
import io.switchback.port.SiteSettingsActivities.ReadSites;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import java.util.List;
import java.util.function.Consumer;

/** Asks, before anything is changed, whether the production site can have the VM that is meant. */
final class LocationPreflight {
  private final Ports ports;
  private final Replica replica;
  private final Consumer<String> notes;

  LocationPreflight(Ports ports, Replica replica, Consumer<String> notes) {
    this.ports = ports;
    this.replica = replica;
    this.notes = notes;
  }

  /**
   * How the VM is going to be.
   *
   * @param starts whether it is to be powered on
   * @throws FaultException INVALID_INPUT that lists every mistake; whatever keeps a site or the
   *     registry from answering
   */
  PlannedLocation plan(NewLocation asked, boolean starts) {
    try {
      LocationPlan plan = look(asked, starts);
      if (!plan.mistakes().isEmpty()) {
        throw OperationRequest.invalid(plan.mistakes());
      }
      plan.notes().forEach(notes);
      return plan.planned();
    } catch (ActivityFailure failure) {
      if (failure.getCause() instanceof CanceledFailure) {
        throw new Aborted("cancelled in Temporal");
      }
      FaultException fault = Failures.toFault(failure);
      throw new FaultException(fault.fault(), "Nothing was changed: " + fault.sentence());
    }
  }

  private LocationPlan look(NewLocation asked, boolean starts) {
    String site = replica.production().site();
    VmProfile seen =
        ports
            .inventory(
                replica.recovery().site(), "What is the replica of " + replica.name() + " made of?")
            .describeVm(new DescribeVm(replica.recovery()));
    LocationPlan plan = LocationPlan.of(replica, asked, seen, map(), settings(site));
    plan.refuseNamesakes(
        ports
            .inventory(site, "Has " + site + " a VM '" + plan.planned().name() + "'?")
            .findVms(plan.namesake()));
    plan.refuse(
        ports
            .siteCheck(site, "Has " + site + " what '" + plan.planned().name() + "' is to have?")
            .checkSite(plan.needs())
            .findings());
    plan.refuseLackOf(
        ports
            .rooms(site, "Has " + site + " room for '" + plan.planned().name() + "'?")
            .measureRoom(new MeasureRoom(site, List.of())),
        starts);
    return plan;
  }

  private List<NetworkMapping> map() {
    Protection known =
        ports
            .protectionPlan("How are the networks of " + replica.name() + " mapped?")
            .findStandings(new FindStandings(List.of(replica.production())))
            .vms()
            .getFirst()
            .protectedBy();
    if (known == null) {
      throw new FaultException(
          Fault.REFUSED,
          "Nothing was changed: '%s' is no longer protected. Look at its status."
              .formatted(replica.name()));
    }
    return known.networks();
  }

  private SiteSettings settings(String site) {
    return ports
        .siteSettings("What is known of site " + site + "?")
        .readSites(new ReadSites())
        .sites()
        .stream()
        .filter(known -> known.name().equals(site))
        .findFirst()
        .orElseGet(() -> SiteSettings.of(site));
  }
}
