package io.switchback.registry;

import static io.switchback.registry.Race.atOnce;
import static io.switchback.registry.Race.faultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.DiskPair;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.AdmissionActivities.Admit;
import io.switchback.port.AdmissionActivities.Cap;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EnrolmentIT {
  private static TestRegistry registry;

  @BeforeAll
  static void open() {
    registry = new TestRegistry();
  }

  @AfterAll
  static void close() {
    registry.close();
  }

  @Test
  void enrolsAVmWhoseReplicaIsSeeding() {
    EnrolledVm vm = TestRegistry.vm("prod", "new");

    Replica replica = enrol(vm);

    assertThat(replica.production()).isEqualTo(vm.production());
    assertThat(replica.recovery()).isEqualTo(vm.recovery());
    assertThat(replica.disks()).isEqualTo(vm.disks());
    assertThat(replica.networks()).isEqualTo(vm.networks());
    assertThat(registry.state(replica)).isEqualTo(ReplicaState.SEEDING);
  }

  @Test
  void changesNothingWhenAVmIsEnrolledAgain() {
    Replica replica = registry.ready("again");
    String before = registry.everything();

    assertThat(enrol(TestRegistry.vm("prod", "again"))).isEqualTo(replica);
    assertThat(registry.everything()).isEqualTo(before);
  }

  @Test
  void oneOfManyEnrolmentsAtOnceMakesTheReplica() throws Exception {
    Callable<Replica> racer = () -> enrol(TestRegistry.vm("prod", "race"));

    assertThat(atOnce(Collections.nCopies(6, racer))).hasSize(6).containsOnly(racer.call());
  }

  @Test
  void changesAVmWhileItIsSeedingAndFencesTheCycleThatRuns() {
    Replica replica = registry.seeding("changes");
    var plan = registry.begin(replica);

    Replica changed = enrol(withOneDisk("changes"));

    assertThat(changed.id()).isEqualTo(replica.id());
    assertThat(changed.disks()).hasSize(1);
    assertThat(faultOf(() -> registry.complete(plan, TestRegistry.NOON))).isEqualTo(Fault.FENCED);
  }

  @Test
  void refusesToChangeWhatIsInOperation() {
    registry.ready("serves");
    Replica claimed = registry.seeding("claimed");
    registry.claim(claimed, io.switchback.lifecycle.Operation.RECONFIGURE, "op");
    String before = registry.everything();

    assertThat(faultOf(() -> enrol(withOneDisk("serves")))).isEqualTo(Fault.REFUSED);
    assertThat(faultOf(() -> enrol(withOneDisk("claimed")))).isEqualTo(Fault.REFUSED);
    assertThat(registry.everything()).isEqualTo(before);
  }

  @Test
  void refusesASiteOrPolicyThatIsUnknownAndADiskThatIsTaken() {
    enrol(TestRegistry.vm("prod", "owner"));
    EnrolledVm good = TestRegistry.vm("prod", "thief");
    EnrolledVm elsewhere =
        new EnrolledVm(
            new VmRef("nowhere", "vm", "vm"), good.recovery(), good.disks(), List.of(), "default");
    EnrolledVm lawless =
        new EnrolledVm(good.production(), good.recovery(), good.disks(), List.of(), "no-such");
    EnrolledVm thief =
        new EnrolledVm(
            good.production(),
            good.recovery(),
            TestRegistry.vm("prod", "owner").disks(),
            List.of(),
            "default");

    for (EnrolledVm wrong : List.of(elsewhere, lawless, thief)) {
      assertThat(faultOf(() -> enrol(wrong))).isEqualTo(Fault.INVALID_INPUT);
    }
  }

  @Test
  void neverGivesTheIdOfAReplicaThatIsGoneToAnother() {
    Replica first = registry.seeding("reborn");
    registry.sql("delete from replica where id = '" + first.id() + "'");

    assertThat(registry.seeding("reborn").id()).isNotEqualTo(first.id());
  }

  @Test
  void theEstateShowsWhatStandsAndWhoHoldsIt() {
    try (TestRegistry estate = new TestRegistry()) {
      Replica web = estate.ready("web");
      estate.seeding("db");
      estate.failover(web, "op");
      estate.admission.admit(new Admit("dr", Cap.STARTING, "op", Duration.ofMinutes(1)));

      EstateView view = new Estate(estate.database).read(10);

      assertThat(view.generation()).isEqualTo(1);
      assertThat(view.sites())
          .contains(new EstateView.SiteView("dr", Pace.DEFAULT, 1, 3, 0, 10))
          .hasSize(3);
      assertThat(view.replicas())
          .extracting(replica -> replica.replica().name())
          .containsExactly("db", "web");
      EstateView.ReplicaView shown = view.replicas().getLast();
      assertThat(shown.replica()).isEqualTo(web);
      assertThat(shown.claim().workflowId()).isEqualTo("replica/" + web.id());
      assertThat(shown.points()).hasSize(1);
      assertThat(shown.newestPointAge())
          .isBetween(Duration.ZERO, Duration.between(Instant.EPOCH, Instant.MAX));
      assertThat(view.replicas().getFirst().newestPointAge()).isNull();
      assertThat(view.replicas().getFirst().claim()).isNull();
    }
  }

  private static Replica enrol(EnrolledVm vm) {
    return registry.enrolment.enrol(List.of(), List.of(), List.of(vm)).getFirst();
  }

  private static EnrolledVm withOneDisk(String name) {
    EnrolledVm vm = TestRegistry.vm("prod", name);
    return new EnrolledVm(
        vm.production(),
        vm.recovery(),
        List.of(new DiskPair(name + "-other", name + "-other-replica", 1 << 20)),
        vm.networks(),
        vm.policy());
  }
}
