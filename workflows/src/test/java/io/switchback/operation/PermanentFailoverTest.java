package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.PERMANENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.Effect;
import io.temporal.client.WorkflowStub;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class PermanentFailoverTest {
  private static final String CONFIRMED =
      """
      {"vms": [{"name": "web-01", "confirm": "remove 2 restore points of web-01"}],
       "by": "ada", "reason": "berlin burnt down"}
      """;

  @AutoClose private final Estate estate = new Estate();

  @Test
  void removesThePointsOldestFirstAndKeepsWhatTheReplicaWrote() {
    Replica replica = estate.failedOver("web-01");
    estate.write(replica, "written");
    int before = estate.recovery.effects().size();

    MemberResult result = estate.runOne("PermanentFailover", CONFIRMED);

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.state()).isEqualTo(PERMANENT);
    assertThat(result.gone().count()).isEqualTo(2);
    assertThat(result.notes().getFirst())
        .startsWith("gone for good: 2 restore points with 2097152 bytes of changes, the oldest of")
        .endsWith("undo and failback end with them");
    assertThat(estate.recovery.effects().subList(before, estate.recovery.effects().size()))
        .extracting(Effect::what)
        .containsExactly("removeSnapshot", "removeSnapshot");
    assertThat(estate.recovery.snapshots(replica.recovery())).isEmpty();
    assertThat(estate.content(replica)).isEqualTo("written");
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
    assertThat(estate.registry.state(replica.id())).isEqualTo(PERMANENT);
    assertThat(estate.registry.restorePoints(replica.id())).isEmpty();
    assertThat(estate.registry.letGo(replica.id())).isEmpty();
    assertThat(estate.registry.isOnHold(replica.id())).isFalse();
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    assertThat(estate.registry.excluded()).containsEntry("p-web-01", "berlin burnt down");
    assertThat(estate.woken).contains(replica.id());
  }

  @Test
  void goesByItsProcedure() {
    Replica replica = estate.failedOver("web-01");
    int before = steps(replica).size();

    estate.run("PermanentFailover", CONFIRMED);

    assertThat(steps(replica).stream().skip(before).distinct())
        .containsExactlyElementsOf(
            Procedure.of(Operation.PERMANENT_FAILOVER).steps().stream().map(StepKind::id).toList());
  }

  @Test
  void withoutItsConfirmationItNamesEverythingThatWouldBeGoneAndChangesNothing() {
    estate.failedOver("web-01");
    List<Effect> effects = estate.recovery.effects();

    for (String confirm : List.of("", "yes", "remove 3 restore points of web-01")) {
      Throwable refused =
          catchThrowable(
              () ->
                  estate.run(
                      "PermanentFailover",
                      "{\"vms\":[{\"name\":\"web-01\",\"confirm\":\"%s\"}]}".formatted(confirm)));
      assertThat(refused)
          .rootCause()
          .hasMessageContaining("Nothing was changed, because a permanent failover cannot be taken")
          .hasMessageContaining("- web-01: 2 restore points with 2097152 bytes of changes")
          .hasMessageContaining("the oldest of 2026-01-01T01:00:00Z")
          .hasMessageContaining(
              "{\"vms\":[{\"name\":\"web-01\",\"confirm\":\"remove 2 restore points of"
                  + " web-01\"}]}");
    }
    assertThat(estate.recovery.effects()).isEqualTo(effects);
    assertThat(estate.registry.effects("claim", "id-web-01")).isOne();
  }

  @Test
  void oneMissingConfirmationKeepsEveryVmFromIt() {
    estate.failedOver("web-01");
    Replica other = estate.vm("db-01");
    estate.run("PartialFailover", "{\"vms\":[\"db-01\"]}");

    Throwable refused =
        catchThrowable(
            () ->
                estate.run(
                    "PermanentFailover",
                    """
                    {"vms": [{"name": "web-01", "confirm": "remove 2 restore points of web-01"},
                             "db-01"]}
                    """));

    assertThat(refused)
        .rootCause()
        .hasMessageContaining("- db-01: 2 restore points")
        .hasMessageContaining("\"remove 2 restore points of web-01\"},{\"name\":\"db-01\"");
    assertThat(estate.registry.state("id-web-01")).isEqualTo(FAILOVER);
    assertThat(estate.registry.state(other.id())).isEqualTo(FAILOVER);
  }

  @Test
  void canBeAbortedWhileItSaysWhatWillBeGoneAndNotFromThereOn() {
    Replica replica = estate.failedOver("web-01");
    estate.recovery.script().fail("listSnapshots", "r-web-01", Fault.BAD_CREDENTIALS, 1);
    estate.recovery.script().fail("removeSnapshot", "r-web-01", Fault.DATASTORE_FULL, 1);
    WorkflowStub run = estate.start("PermanentFailover", CONFIRMED);
    assertThat(estate.parked(replica).step()).isEqualTo("nameTheLoss");
    assertThat(estate.parked(replica).answers()).containsExactly("retry", "abort");
    estate.member(replica).update("answer", String.class, answer("retry"));

    estate.until("parks", () -> estate.parked(replica).step().equals("removePoint"));
    assertThat(estate.parked(replica).answers()).containsExactly("retry", "reconcile");
    estate.member(replica).update("answer", String.class, answer("retry"));

    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.recovery.effects("removeSnapshot", "r-web-01")).isEqualTo(2);
  }

  @Test
  void asksForAWordWhenProductionCannotBeCleaned() {
    Replica replica = estate.failedOver("web-01");
    estate.production.reachable(false);
    WorkflowStub run = estate.start("PermanentFailover", CONFIRMED);
    assertThat(estate.parked(replica).step()).isEqualTo("productionUnreachable");
    assertThat(estate.registry.restorePoints(replica.id())).hasSize(2);

    estate.answer(replica, "acknowledge", "is ash");
    estate.until("parks", () -> estate.parked(replica).step().equals("cleanProduction"));
    estate.answer(replica, "skip", "is ash");

    MemberResult result = estate.resultOfOne(run);
    assertThat(result.state()).isEqualTo(PERMANENT);
    assertThat(result.overrides()).singleElement().matches(o -> o.reason().equals("is ash"));
    assertThat(result.skipped()).singleElement().matches(s -> s.step().equals("cleanProduction"));
  }

  @Test
  void endsTheReplicationLoop() {
    Replica replica = estate.failedOver("web-01");
    WorkflowStub loop = estate.loop(replica);

    estate.run("PermanentFailover", CONFIRMED);

    estate.result(loop, Void.class);
  }

  private List<String> steps(Replica replica) {
    return estate.registry.audit().stream()
        .filter(entry -> entry.replicaId().equals(replica.id()))
        .map(AuditEntry::step)
        .toList();
  }

  private static Answer answer(String answer) {
    return new Answer(null, null, answer, null, null);
  }
}
