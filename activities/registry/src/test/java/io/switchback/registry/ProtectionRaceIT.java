package io.switchback.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.Mandate;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many runs that protect the same VM at the same moment. */
class ProtectionRaceIT {
  private static final int RUNS = 16;
  private static final int VMS = 25;
  private static final Policy POLICY = Policy.every("of-all", Duration.ofMinutes(1));

  private final TestRegistry registry = new TestRegistry();
  private final PostgresProtectionActivities protection =
      new PostgresProtectionActivities(registry.database, TestRegistry.FIRST);
  private final PostgresProtectionPlanActivities plan =
      new PostgresProtectionPlanActivities(registry.database);

  @AfterEach
  void close() {
    registry.close();
  }

  /** What became of a run. */
  private sealed interface End {
    record Wrote(Replica replica) implements End {}

    record FoundWritten(Replica replica) implements End {}

    record Faulted(FaultException fault) implements End {}
  }

  @Test
  void runsThatPlannedAtOnceMakeOneReplicaAndTheOthersSayWhoHasTheVm() throws Exception {
    for (int i = 0; i < VMS; i++) {
      VmRef vm = vm(i);
      List<Callable<End>> runs = new ArrayList<>();
      for (int run = 0; run < RUNS; run++) {
        String id = standing(vm);
        runs.add(() -> protect(vm, id));
      }

      List<End> ends = Race.atOnce(runs);

      assertThat(ends).filteredOn(End.Wrote.class::isInstance).hasSize(1);
      String owner = replicaOf(vm);
      assertThat(ends)
          .filteredOn(end -> !(end instanceof End.Wrote))
          .allSatisfy(
              end -> {
                FaultException refused = ((End.Faulted) end).fault();
                assertThat(refused.fault()).isEqualTo(Fault.REFUSED);
                assertThat(refused.sentence()).contains("as '" + owner + "'");
              });
      assertThat(reservations()).isEqualTo("0");
    }
  }

  @Test
  void runsThatTakeTheReservationFromEachOtherMakeOneReplica() throws Exception {
    for (int i = 0; i < VMS; i++) {
      VmRef vm = vm(i);
      String id = standing(vm);
      List<Callable<End>> runs = new ArrayList<>();
      for (int run = 0; run < RUNS; run++) {
        runs.add(() -> protect(vm, id));
      }

      List<End> ends = Race.atOnce(runs);

      assertThat(ends)
          .as("whoever took it last comes to the end")
          .anyMatch(end -> !(end instanceof End.Faulted));
      assertThat(ends)
          .filteredOn(End.Faulted.class::isInstance)
          .allSatisfy(
              end -> assertThat(((End.Faulted) end).fault().fault()).isEqualTo(Fault.FENCED));
      assertThat(replicaOf(vm)).isEqualTo(id);
    }
    assertThat(registry.text("select count(*)::text from replica")).isEqualTo("" + VMS);
  }

  private static VmRef vm(int number) {
    return new VmRef("prod", "vm-" + number, "web-" + number);
  }

  private String standing(VmRef vm) {
    return plan.findStandings(new FindStandings(List.of(vm))).vms().getFirst().replicaId();
  }

  private End protect(VmRef vm, String id) {
    String operationId = TestRegistry.operationId();
    try {
      Reservation held =
          protection.reserveReplica(
              new ReserveReplica(
                  operationId, id, vm, "dr", "protect/" + operationId, "run-1", "ada"));
      End end =
          held.known() == null
              ? new End.Wrote(
                  protection.writeReplica(
                      write(TestRegistry.mandate(held.fence(), operationId, 2), vm, id)))
              : new End.FoundWritten(held.known());
      Mandate last = TestRegistry.mandate(held.fence(), operationId, 3);
      protection.endReservation(new EndReservation(last, id));
      return end;
    } catch (FaultException fault) {
      return new End.Faulted(fault);
    }
  }

  private static WriteReplica write(Mandate mandate, VmRef vm, String id) {
    return new WriteReplica(
        mandate,
        id,
        vm,
        new VmRef("dr", "there-" + vm.id(), vm.name() + "_replica"),
        List.of(new DiskPair("disk-" + vm.id(), "there-disk-" + vm.id(), 1 << 20)),
        List.of(new NetworkMapping("lan", "lan", "")),
        POLICY,
        Placement.ANYWHERE,
        false);
  }

  /** The only replica of the VM. */
  private String replicaOf(VmRef vm) {
    return registry.text("select id from replica where production_vm = '" + vm.id() + "'");
  }

  private String reservations() {
    return registry.text("select count(*)::text from reservation");
  }
}
