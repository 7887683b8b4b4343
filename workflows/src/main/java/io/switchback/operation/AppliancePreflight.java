package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.lifecycle.Operation;
import io.switchback.model.Replica;
import io.switchback.model.SiteFinding;
import io.switchback.port.InventoryActivities.FindVms;
import io.temporal.failure.ActivityFailure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Asks recovery sites, before anything is changed, whether they have the appliance they need. */
final class AppliancePreflight {
  private final Ports ports;
  private final Consumer<String> notes;

  /**
   * @param notes takes what could not be found out
   */
  AppliancePreflight(Ports ports, Consumer<String> notes) {
    this.ports = ports;
    this.notes = notes;
  }

  /**
   * What is wanting, by site.
   *
   * @param appliances name of the VM that extends networks, by site that needs one
   */
  Map<String, String> findings(
      Operation operation, List<Replica> replicas, Map<String, String> appliances) {
    Map<String, String> findings = new LinkedHashMap<>();
    if (RoomPreflight.STARTS_REPLICAS.contains(operation)) {
      new TreeMap<>(appliances)
          .forEach(
              (site, appliance) -> {
                if (replicas.stream().anyMatch(one -> one.recovery().site().equals(site))) {
                  finding(site, appliance).ifPresent(want -> findings.put(site, want));
                }
              });
    }
    return findings;
  }

  /**
   * What is wrong with the VM that is to extend networks at the site; empty when it is there. By
   * {@code tunnels} whoever answers extends them, whatever VM that is.
   */
  Optional<String> finding(String site, String appliance) {
    if (appliance.isEmpty()) {
      return Optional.empty();
    }
    try {
      boolean isMissing =
          !ports
              .inventory(site, "Has " + site + " the appliance " + appliance + "?")
              .findVms(new FindVms(site, List.of(appliance), "", ""))
              .missing()
              .isEmpty();
      return isMissing
          ? Optional.of(
              SiteFinding.applianceMissing(site, appliance).sentence()
                  + ". Deploy it, then retry; or acknowledge, with your name and why: networks are then extended only if the machine answers that the site's `tunnels` describe.")
          : Optional.empty();
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      notes.accept(
          "whether site '%s' has its appliance could not be found out: %s"
              .formatted(site, Failures.toFault(failure).sentence()));
      return Optional.empty();
    }
  }
}
