package io.switchback.registry;

import static io.switchback.registry.Race.faultOf;
import static io.switchback.registry.TestRegistry.NOON;
import static io.switchback.registry.TestRegistry.completion;
import static io.switchback.registry.TestRegistry.mandate;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Replica;
import io.switchback.port.AdmissionActivities.Admit;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.AdmissionActivities.Dismiss;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.CatalogueActivities.RecordAudit;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.HoldReplication;
import io.switchback.port.ClaimActivities.MoveReplica;
import io.switchback.port.ClaimActivities.ReleaseReplica;
import io.switchback.port.CycleActivities.AbandonCycle;
import io.switchback.port.CycleActivities.CycleEnd;
import io.switchback.port.CycleActivities.CyclePlan;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connection is cut after PostgreSQL has committed and before its answer arrives. */
class LostAnswerIT {
  private TcpProxy proxy;
  private TestRegistry registry;

  @BeforeEach
  void open() throws IOException {
    proxy = new TcpProxy(TestPostgres.port());
    registry = new TestRegistry(TestPostgres.through(proxy.port(), TestPostgres.newRegistry()));
  }

  @AfterEach
  void close() {
    registry.close();
    proxy.close();
  }

  @Test
  void aClaimIsSafeToRunAgain() {
    Replica replica = registry.ready("web");
    long before = registry.epoch(replica);

    Claim claim = againAfterLosingTheAnswer(() -> registry.failover(replica, "op"));

    assertThat(claim.fence().epoch()).isGreaterThan(before);
    assertThat(registry.failover(replica, "op")).isEqualTo(claim);
  }

  @Test
  void everyStepUnderAClaimIsSafeToRunAgain() {
    Replica replica = registry.ready("web");
    Claim claim = registry.failover(replica, "op");

    againAfterLosingTheAnswer(
        () ->
            registry.claims.holdReplication(
                new HoldReplication(mandate(claim, "op", 1), replica.id(), "why")));
    againAfterLosingTheAnswer(
        () ->
            registry.claims.moveReplica(
                new MoveReplica(mandate(claim, "op", 2), replica.id(), ReplicaState.FAILOVER)));
    againAfterLosingTheAnswer(
        () ->
            registry.claims.releaseReplica(
                new ReleaseReplica(mandate(claim, "op", 3), replica.id())));

    assertThat(registry.state(replica)).isEqualTo(ReplicaState.FAILOVER);
    assertThat(registry.claim(replica, Operation.UNDO_FAILOVER, "undo").from())
        .isEqualTo(ReplicaState.FAILOVER);
  }

  @Test
  void aCompletionIsSafeToRunAgain() {
    Replica replica = registry.ready("web");
    CyclePlan plan = registry.begin(replica);

    CycleEnd end =
        againAfterLosingTheAnswer(
            () -> registry.cycles.completeCycle(completion(plan, NOON.plusSeconds(1))));

    assertThat(end.expired()).isEmpty();
    assertThat(registry.text("select count(*)::text from restore_point")).isEqualTo("2");
  }

  @Test
  void aBeginningThatWasLostIsOvertakenByTheNext() {
    Replica replica = registry.ready("web");

    CyclePlan plan = againAfterLosingTheAnswer(() -> registry.begin(replica));

    assertThat(faultOf(() -> registry.complete(plan, NOON.plusSeconds(1)))).isNull();
  }

  @Test
  void admissionAndAuditAreSafeToRunAgain() {
    againAfterLosingTheAnswer(
        () -> registry.admission.admit(new Admit("dr", Cap.STARTING, "op", Duration.ofMinutes(1))));
    againAfterLosingTheAnswer(
        () -> registry.admission.dismiss(new Dismiss("dr", Cap.STARTING, "op")));
    againAfterLosingTheAnswer(
        () ->
            registry.catalogue.recordAudit(
                new RecordAudit(
                    List.of(
                        new AuditEntry(
                            "op",
                            Operation.PARTIAL_FAILOVER,
                            "r",
                            "powerOn",
                            1,
                            1,
                            "DONE",
                            "ada",
                            "",
                            NOON)))));
    Replica replica = registry.ready("web");
    long number = registry.begin(replica).number();
    againAfterLosingTheAnswer(
        () -> registry.cycles.abandonCycle(new AbandonCycle(replica.id(), number, "why")));

    assertThat(registry.text("select count(*)::text from audit")).isEqualTo("1");
    assertThat(registry.text("select count(*)::text from admission_lease")).isEqualTo("0");
  }

  private <T> T againAfterLosingTheAnswer(Supplier<T> call) {
    int before = proxy.answersLost();
    proxy.loseNextAnswer();
    assertThat(faultOf(() -> assertThat(call.get()).isNotNull()))
        .isEqualTo(Fault.REGISTRY_UNAVAILABLE);
    assertThat(proxy.answersLost()).isGreaterThan(before);
    return call.get();
  }
}
