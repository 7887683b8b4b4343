package io.switchback.port;

import io.switchback.model.DiskPair;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.ProtectionActivities.EndReservation;
import io.switchback.port.ProtectionActivities.Reservation;
import io.switchback.port.ProtectionActivities.ReserveReplica;
import io.switchback.port.ProtectionActivities.WriteReplica;
import io.switchback.port.ProtectionPlanActivities.FindStandings;
import io.switchback.port.ProtectionPlanActivities.Standing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the suites of the ports have in common by which VMs come under protection. */
public abstract class ProtectingContract extends RegistryContract {
  static final VmRef WEB = new VmRef("berlin", "vm-web", "web-01");
  static final VmRef DB = new VmRef("berlin", "vm-db", "db-01");
  static final Policy GOLD = Policy.every("gold", Duration.ofMinutes(5)).keeping(9);
  static final List<NetworkMapping> LAN = List.of(new NetworkMapping("lan", "dr-lan", ""));

  PortCaller<ProtectionActivities> protection;
  PortCaller<ProtectionPlanActivities> plan;
  PortCaller<ProtectionRuleActivities> rules;

  @BeforeEach
  final void openPorts() {
    ProtectionFixture fixture = registry.protecting();
    protection = new PortCaller<>(ProtectionActivities.class, fixture.protection());
    plan = new PortCaller<>(ProtectionPlanActivities.class, fixture.plan());
    rules = new PortCaller<>(ProtectionRuleActivities.class, fixture.rules());
  }

  @AfterEach
  final void closePorts() {
    rules.close();
    plan.close();
    protection.close();
  }

  Standing standing(VmRef vm) {
    return plan.call().findStandings(new FindStandings(List.of(vm))).vms().getFirst();
  }

  /** A run's request; its workflow id is {@code protect/} with the operation's. */
  static ReserveReplica request(String operationId, VmRef vm, String replicaId) {
    return new ReserveReplica(
        operationId, replicaId, vm, "paris", "protect/" + operationId, "run-1", "dana");
  }

  Reservation reserve(String operationId, VmRef vm, String replicaId) {
    return protection.call().reserveReplica(request(operationId, vm, replicaId));
  }

  WriteReplica written(
      String operationId, Reservation held, VmRef vm, String replicaId, Policy policy) {
    return new WriteReplica(
        mandate(operationId, held.fence(), 2),
        replicaId,
        vm,
        new VmRef("paris", "there-" + vm.id(), vm.name() + "_replica"),
        List.of(new DiskPair("disk-" + vm.id(), "there-disk-" + vm.id(), 1 << 20)),
        LAN,
        policy,
        Placement.ANYWHERE,
        false);
  }

  /** The whole way by which a VM comes under protection. */
  Replica protect(VmRef vm, Policy policy) {
    String id = standing(vm).replicaId();
    Reservation held = reserve(NOBODYS, vm, id);
    Replica replica = protection.call().writeReplica(written(NOBODYS, held, vm, id, policy));
    protection.call().endReservation(new EndReservation(mandate(NOBODYS, held.fence(), 3), id));
    return replica;
  }
}
