package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.model.PowerState.OFF;
import static io.switchback.model.PowerState.ON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.model.Replica;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.temporal.client.WorkflowStub;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is not to be reached is taken off its networks, and put back. */
final class IsolateTest {
  private static final String WEB = "{\"vms\":[\"web-01\"]}";

  @AutoClose private final Estate estate = new Estate();

  @Test
  void takesProductionThatWokeUpOffItsNetworksWhileItsReplicaServes() {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", WEB);
    estate.production.power(replica.production(), ON);

    MemberResult result = estate.runOne("Isolate", WEB);

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.notes())
        .anyMatch(note -> note.startsWith("production vm 'web-01' (p-web-01)"));
    assertThat(estate.production.effects("isolateVm", "p-web-01")).isEqualTo(1);
    assertThat(estate.production.power(replica.production())).isEqualTo(ON);
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
    assertThat(estate.registry.isOnHold(replica.id())).isTrue();
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    assertThat(estate.registry.audit()).extracting(AuditEntry::step).contains("isolate");
  }

  @Test
  void takesAReplicaThatRunsByHandOffItsNetworks() {
    Replica replica = estate.vm("web-01");
    estate.recovery.power(replica.recovery(), ON);

    estate.run("Isolate", WEB);

    assertThat(estate.recovery.effects("isolateVm", "r-web-01")).isEqualTo(1);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(ON);
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY);
  }

  @Test
  void putsItBack() {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", WEB);
    estate.production.power(replica.production(), ON);
    estate.run("Isolate", WEB);

    estate.run("Reconnect", WEB);

    assertThat(estate.production.effects("reconnectVm", "p-web-01")).isEqualTo(1);
  }

  @Test
  void takesTheSideThatIsNamedAndPutsThatOneBackWhateverStateItIsIn() {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", WEB);

    MemberResult result = estate.runOne("Isolate", side("recovery"));

    assertThat(result.notes()).anyMatch(note -> note.startsWith("recovery vm 'web-01' (r-web-01)"));
    assertThat(estate.recovery.effects("isolateVm", "r-web-01")).isEqualTo(1);
    assertThat(estate.production.effects("isolateVm", "p-web-01")).isZero();
    assertThat(estate.registry.audit())
        .filteredOn(entry -> entry.step().equals("isolate"))
        .extracting(AuditEntry::detail)
        .containsExactly("recovery " + replica.recovery());
    estate.run("UndoFailover", WEB);

    estate.run("Reconnect", side("recovery"));

    assertThat(estate.recovery.effects("reconnectVm", "r-web-01")).isEqualTo(1);
  }

  @Test
  void aFailbackPutsProductionBackOnItsNetworks() {
    Replica replica = isolatedBesideItsReplica();

    MemberResult result = estate.run("Failback", WEB).members().getFirst();

    assertThat(result.state()).isEqualTo(FAILBACK);
    assertThat(estate.production.power(replica.production())).isEqualTo(ON);
    assertThat(estate.production.isConnected(replica.production())).isTrue();
    assertThat(result.notes())
        .anyMatch(note -> note.endsWith("was isolated, and is on its networks again"));
  }

  @Test
  void aFailbackThatPowersNothingOnPlugsItInAllTheSame() {
    Replica replica = isolatedBesideItsReplica();

    estate.run("Failback", "{\"vms\":[\"web-01\"],\"powerOn\":false}");

    assertThat(estate.production.power(replica.production())).isEqualTo(OFF);
    assertThat(estate.production.isConnected(replica.production())).isTrue();
  }

  @Test
  void theUndoOfAFailbackIsolatesItAgainBeforeItRuns() {
    Replica replica = isolatedBesideItsReplica();
    estate.run("Failback", WEB);

    MemberResult result = estate.run("UndoFailback", WEB).members().getFirst();

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(estate.production.power(replica.production())).isEqualTo(ON);
    assertThat(estate.production.isConnected(replica.production())).isFalse();
    assertThat(estate.people.notices()).as("it is in nobody's way").isEmpty();
    estate.run("Reconnect", side("production"));
    assertThat(estate.production.isConnected(replica.production())).isTrue();
  }

  @Test
  void aCancelledFailbackLeavesItIsolated() {
    Replica replica = isolatedBesideItsReplica();
    estate.run(
        "Failback",
        "{\"vms\":[\"web-01\"],\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\"}");

    MemberResult result = estate.run("CancelFailback", WEB).members().getFirst();

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(estate.production.power(replica.production())).isEqualTo(ON);
    assertThat(estate.production.isConnected(replica.production())).isFalse();
    assertThat(estate.people.notices()).isEmpty();
  }

  @Test
  void aFailbackThatDiedAfterItsSwitchIsRolledForwardOntoTheNetworks() {
    Replica replica = isolatedBesideItsReplica();
    estate
        .registry
        .script()
        .after("completeSwitch", "id-web-01", () -> estate.member(replica).terminate("test"));
    Deaths deaths = new Deaths(estate, (type, each, how) -> {});
    assertThat(deaths.diesIn("Failback", WEB, replica)).isTrue();

    estate.run("Reconcile", Deaths.input(replica, Way.ROLL_FORWARD));

    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILBACK);
    assertThat(estate.production.power(replica.production())).isEqualTo(ON);
    assertThat(estate.production.isConnected(replica.production())).isTrue();
  }

  private Replica isolatedBesideItsReplica() {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", WEB);
    estate.production.power(replica.production(), ON);
    estate.run("Isolate", WEB);
    assertThat(estate.production.isConnected(replica.production())).isFalse();
    return replica;
  }

  @Test
  void refusesASideThatIsNone() {
    estate.vm("web-01");

    assertThatThrownBy(() -> estate.run("Isolate", side("left")))
        .rootCause()
        .hasMessageContaining("side must be \"production\" or \"recovery\"");
  }

  private static String side(String word) {
    return "{\"vms\":[\"web-01\"],\"side\":\"%s\"}".formatted(word);
  }

  @Test
  void isolatesOnceHoweverOftenItIsAsked() {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", WEB);
    estate.production.power(replica.production(), ON);
    estate.production.script().loseAnswer("isolateVm", "p-web-01", 1);

    estate.run("Isolate", WEB);
    estate.run("Isolate", WEB);

    assertThat(estate.production.effects("isolateVm", "p-web-01")).isEqualTo(1);
  }

  @Test
  void anAbortPutsBackWhatWasTakenOff() {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", WEB);
    estate.production.power(replica.production(), ON);
    estate.production.script().fail("isolateVm", "p-web-01", Fault.REFUSED, 1000);
    WorkflowStub run = estate.start("Isolate", WEB);
    assertThat(estate.parked(replica).step()).isEqualTo("isolate");

    run.update("answer", String.class, new Answer("*", "isolate", "abort", "kim", "no"));

    assertThat(estate.resultOfOne(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
  }

  @Test
  void hasNothingToDoWhereTheReplicaIsOff() {
    Replica replica = estate.vm("web-01");
    WorkflowStub run = estate.start("Isolate", WEB);

    assertThat(estate.parked(replica).message())
        .contains("the recovery vm 'web-01'", "it is off, and cannot be reached")
        .contains("say \"side\":\"production\"");

    run.update("answer", String.class, new Answer("*", null, "abort", "kim", "no"));
    estate.result(run);
    assertThat(estate.recovery.effects("isolateVm", "r-web-01")).isZero();
  }
}
