package io.switchback.registry;

import io.switchback.model.DiskPair;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.SiteCaps;
import io.switchback.model.SiteSettings;
import io.switchback.model.VmRef;
import io.switchback.port.ProtectionActivities.EndReservation;
import io.switchback.port.ProtectionActivities.Reservation;
import io.switchback.port.ProtectionActivities.ReserveReplica;
import io.switchback.port.ProtectionActivities.WriteReplica;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Describes sites, and protects VMs in the registry by the steps of a run of {@code Protect}. */
final class TestProtection {
  private final RegistryDatabase database;

  TestProtection(RegistryDatabase database) {
    this.database = database;
  }

  /**
   * @param starting VMs that may be starting there at once
   */
  void site(String name, Pace pace, int starting) {
    SiteCaps caps = new SiteCaps(starting, Map.of(), Map.of());
    new Sites(database)
        .write(List.of(SiteSettings.named(name).caps(caps).pace(pace).build()), List.of());
  }

  /** Protects a VM on the network {@code lan}; its replica is SEEDING. */
  Replica protect(VmRef production, VmRef recovery, List<DiskPair> disks, Policy policy) {
    String id = database.inTransaction(jdbc -> ReplicaRows.nextId(jdbc, production.name()));
    String operation = UUID.randomUUID().toString();
    PostgresProtectionActivities steps = new PostgresProtectionActivities(database, () -> 1);
    Reservation reserved =
        steps.reserveReplica(
            new ReserveReplica(
                operation, id, production, recovery.site(), "protect/" + id, "run-1", "ada"));
    Replica replica =
        steps.writeReplica(
            new WriteReplica(
                new Mandate(operation, "register", reserved.fence().atStep(1)),
                id,
                production,
                recovery,
                disks,
                List.of(new NetworkMapping("lan", "lan", "")),
                policy,
                Placement.ANYWHERE,
                false));
    var _ =
        steps.endReservation(
            new EndReservation(new Mandate(operation, "end", reserved.fence().atStep(2)), id));
    return replica;
  }
}
