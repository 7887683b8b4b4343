package io.switchback.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.NetworkMapping;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.FaultScript;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ProtectTest {
  private static final String WEB =
      "{\"vms\":[\"web-01\"],\"from\":\"berlin\",\"to\":\"munich\",\"policy\":{\"name\":\"gold\",\"interval\":\"PT5M\"}}";

  @AutoClose private final Estate estate = new Estate();

  @Test
  void placesAVmThatNobodyStartsAndStartsReplication() {
    estate.production.addVm("p-web", "web-01", 2);

    OperationResult result = estate.run("Protect", WEB);

    assertThat(result.outcome()).as("%s", result).isEqualTo(Outcome.DONE);
    MemberResult member = result.members().getFirst();
    assertThat(member.state()).isEqualTo(ReplicaState.SEEDING);
    VmRef placed = estate.recovery.vms().getFirst();
    assertThat(placed.name()).isEqualTo("web-01_replica");
    assertThat(estate.recovery.managedBy(placed)).isEqualTo(member.replicaId());
    assertThat(estate.recovery.profile(placed).hardware().nics().getFirst().network())
        .isEqualTo("dr-lan");
    assertThat(estate.registry.state(member.replicaId())).isEqualTo(ReplicaState.SEEDING);
    assertThat(estate.woken).containsExactly(member.replicaId());
    assertThat(estate.protection.reservations()).isZero();
  }

  @Test
  void protectingWhatIsProtectedMakesNoSecondReplica() {
    estate.production.addVm("p-web", "web-01", 1);
    String first = estate.runOne("Protect", WEB).replicaId();

    OperationResult again = estate.run("Protect", WEB);

    assertThat(again.outcome()).isEqualTo(Outcome.DONE);
    assertThat(again.members().getFirst().replicaId()).isEqualTo(first);
    assertThat(again.members().getFirst().notes()).anyMatch(note -> note.contains("already"));
    assertThat(estate.recovery.vms()).hasSize(1);
  }

  @Test
  void listsEveryMistakeAndChangesNothing() {
    estate.production.addVm("p-web", "web-01", 1);
    estate.recovery.addVm("r-x", "web-01_replica", 1);
    estate.protection.networks(new NetworkMapping("other", "dr-other", ""));

    assertThatThrownBy(
            () ->
                estate.run(
                    "Protect",
                    "{\"vms\":[\"web-01\",\"ghost\"],\"from\":\"berlin\",\"to\":\"munich\"}"))
        .satisfies(
            failure ->
                assertThat(Failures.toFault(failure.getCause()).sentence())
                    .contains("3 mistakes", "network 'lan'", "no VM 'ghost'", "'web-01_replica'"));
    assertThat(estate.recovery.vms()).hasSize(1);
    assertThat(estate.registry.effects()).noneMatch(one -> one.what().equals("writeReplica"));
  }

  @Test
  void anAbortTakesBackWhatWasMade() {
    estate.production.addVm("p-web", "web-01", 1);
    estate.registry.script().fail("writeReplica", FaultScript.ANY, Fault.INVALID_INPUT, 9);
    WorkflowStub run = estate.start("Protect", WEB);
    WorkflowStub member = estate.client().newUntypedWorkflowStub("protect/berlin/p-web");
    estate.until("parked", () -> isParked(run));

    member.update("answer", String.class, Estate.json("{\"answer\":\"abort\"}"));

    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.recovery.vms()).isEmpty();
    assertThat(estate.protection.reservations()).isZero();
    assertThat(estate.woken).isEmpty();
  }

  @Test
  void aSeedIsGivenBackByAnAbortAndNeverRemoved() {
    estate.production.addVm("p-web", "web-01", 1);
    VmRef seed = estate.recovery.addVm("old", "old-web", 1);
    estate.registry.script().fail("writeReplica", FaultScript.ANY, Fault.INVALID_INPUT, 9);
    WorkflowStub run = estate.start("Protect", seeded("old-web"));
    estate.until("parked", () -> isParked(run));

    estate
        .client()
        .newUntypedWorkflowStub("protect/berlin/p-web")
        .update("answer", String.class, Estate.json("{\"answer\":\"abort\"}"));

    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.recovery.vms()).containsExactly(seed);
    assertThat(estate.recovery.managedBy(seed)).isEmpty();
  }

  @Test
  void aSeedThatIsNotThereIsAMistake() {
    estate.production.addVm("p-web", "web-01", 1);

    assertThatThrownBy(() -> estate.run("Protect", seeded("old-web")))
        .satisfies(
            failure ->
                assertThat(Failures.toFault(failure.getCause()).sentence())
                    .contains("no VM 'old-web' to begin from"));
  }

  @Test
  void aSeedThatIsNamedByItsFilesIsLookedForByItsSite() {
    estate.production.addVm("p-web", "web-01", 1);
    WorkflowStub run = estate.start("Protect", seeded("[fast] old-web/old-web.vmx"));

    estate.until("parked", () -> isParked(run));

    assertThat(run.query("status", OperationStatus.class).members().getFirst().toString())
        .contains("[fast] old-web/old-web.vmx");
  }

  private static String seeded(String seed) {
    return "{\"vms\":[\"web-01\"],\"from\":\"berlin\",\"to\":\"munich\",\"seed\":{\"vm\":\"%s\"}}"
        .formatted(seed);
  }

  @Test
  void unprotectRemovesTheReplicaWithAllThatIsLeft() {
    estate.production.addVm("p-web", "web-01", 1);
    String id = estate.runOne("Protect", WEB).replicaId();
    estate.recovery.sheets().put(id, "how to start web-01");

    OperationResult result =
        estate.run("Unprotect", "{\"vms\":[\"web-01\"],\"replica\":\"remove\"}");

    assertThat(result.outcome()).as("%s", result).isEqualTo(Outcome.DONE);
    assertThat(result.members().getFirst().state()).isNull();
    assertThat(estate.recovery.vms()).isEmpty();
    assertThatThrownBy(() -> estate.registry.state(id)).hasMessageContaining("no replica");
    assertThat(estate.production.snapshots(estate.production.vms().getFirst())).isEmpty();
    assertThat(estate.recovery.sheets()).isEmpty();
  }

  @Test
  void unprotectLeavesTheVmToTheSiteWithoutASheetThatNobodyKeepsUp() {
    estate.production.addVm("p-web", "web-01", 1);
    String id = estate.runOne("Protect", WEB).replicaId();
    estate.recovery.sheets().put(id, "how to start web-01");

    OperationResult result = estate.run("Unprotect", "{\"vms\":[\"web-01\"],\"replica\":\"keep\"}");

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.recovery.managedBy(estate.recovery.vms().getFirst())).isEmpty();
    assertThat(estate.recovery.sheets()).isEmpty();
  }

  @Test
  void removesNoReplicaThatServesWithoutAWord() {
    estate.production.addVm("p-web", "web-01", 1);
    String id = estate.runOne("Protect", WEB).replicaId();
    estate.registry.state(id, ReplicaState.FAILOVER);
    estate.recovery.power(estate.recovery.vms().getFirst(), PowerState.ON);

    assertThatThrownBy(
            () -> estate.run("Unprotect", "{\"vms\":[\"web-01\"],\"replica\":\"remove\"}"))
        .satisfies(
            failure ->
                assertThat(Failures.toFault(failure.getCause()).sentence())
                    .contains("\"confirm\":[\"web-01\"]"));
    assertThat(
            estate
                .run(
                    "Unprotect",
                    "{\"vms\":[\"web-01\"],\"replica\":\"remove\",\"confirm\":[\"web-01\"]}")
                .outcome())
        .isEqualTo(Outcome.DONE);
    assertThat(estate.recovery.vms()).isEmpty();
  }

  @Test
  void reconfiguresWithoutDisturbingACycle() {
    estate.production.addVm("p-web", "web-01", 1);
    String id = estate.runOne("Protect", WEB).replicaId();

    OperationResult result =
        estate.run(
            "Reconfigure",
            "{\"vms\":[\"web-01\"],\"policy\":{\"name\":\"fast\",\"interval\":\"PT1M\"}}");

    assertThat(result.outcome()).as("%s", result).isEqualTo(Outcome.DONE);
    assertThat(estate.protection.policy(id).interval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(estate.registry.effects("claim", id)).isZero();
  }

  @Test
  void newcomersOfATagJoinByThemselvesAndThoseThatLeaveAreReported() {
    estate.production.tag(estate.production.addVm("p-web", "web-01", 1), "gold");
    OperationResult begun =
        estate.run(
            "Protect",
            "{\"tag\":\"gold\",\"from\":\"berlin\",\"to\":\"munich\",\"policy\":{\"name\":\"gold\"}}");
    assertThat(begun.outcome()).as("%s", begun).isEqualTo(Outcome.DONE);

    VmRef late = estate.production.addVm("p-db", "db-01", 1);
    estate.production.tag(late, "gold");
    // The rule looks every minute; the estate's own clock passes it at once.
    estate.environment().sleep(Duration.ofMinutes(1));
    estate.until("db-01 has joined", () -> status().joined().contains("db-01"));
    estate.production.tag(late);
    estate.environment().sleep(Duration.ofMinutes(1));
    estate.until("db-01 has left", () -> status().left().contains("db-01"));

    assertThat(estate.recovery.vms())
        .extracting(VmRef::name)
        .containsExactlyInAnyOrder("web-01_replica", "db-01_replica");
    assertThat(estate.registry.audit()).anyMatch(entry -> entry.outcome().equals("JOINED"));
    assertThat(status().failed()).as("the run that began it is not in the rule's way").isEmpty();
    var _ = estate.run("Unprotect", "{\"tag\":\"gold\",\"from\":\"berlin\"}");
    estate.client().newUntypedWorkflowStub("protection/berlin/tag/gold").getResult(Void.class);
  }

  @Test
  void aNewcomerThatAnotherRunIsProtectingIsReportedOnlyWhenThatRunIsStuck() {
    estate.production.tag(estate.production.addVm("p-web", "web-01", 1), "gold");
    estate.registry.script().fail("reserveReplica", FaultScript.ANY, Fault.INVALID_INPUT, 1);
    WorkflowStub run =
        estate.start("Protect", "{\"tag\":\"gold\",\"from\":\"berlin\",\"to\":\"munich\"}");
    estate.until("parked before it is reserved", () -> isParked(run));
    estate.until("the rule has looked", () -> status().lookedAt().isAfter(Instant.EPOCH));
    assertThat(status().failed()).isEmpty();
    assertThat(estate.people.notices()).noneMatch(one -> one.step().equals("join"));

    estate.environment().sleep(Duration.ofMinutes(1));
    estate.until("it is told of", () -> !status().failed().isEmpty());
    assertThat(status().failed().getFirst()).contains("web-01", "run 'protect/berlin/p-web'");

    estate
        .client()
        .newUntypedWorkflowStub("protect/berlin/p-web")
        .update("answer", String.class, Estate.json("{\"answer\":\"retry\"}"));
    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.DONE);
    estate.environment().sleep(Duration.ofMinutes(1));
    estate.until("it is no longer told of", () -> status().failed().isEmpty());
    var _ = estate.run("Unprotect", "{\"tag\":\"gold\",\"from\":\"berlin\"}");
  }

  @Test
  void aRuleDoesNotProtectWhatSomebodyHasTakenOut() {
    VmRef web = estate.production.addVm("p-web", "web-01", 1);
    var _ = estate.run("Protect", WEB);
    var _ = estate.run("Unprotect", "{\"vms\":[\"web-01\"],\"replica\":\"remove\"}");
    estate.production.tag(web, "gold");

    OperationResult begun =
        estate.run("Protect", "{\"tag\":\"gold\",\"from\":\"berlin\",\"to\":\"munich\"}");
    VmRef late = estate.production.addVm("p-db", "db-01", 1);
    estate.production.tag(late, "gold");
    estate.environment().sleep(Duration.ofMinutes(1));
    estate.until("db-01 has joined", () -> status().joined().equals(List.of("db-01")));

    assertThat(begun.notes()).anyMatch(note -> note.startsWith("'web-01' is left out"));
    assertThat(status().leftOut()).singleElement().asString().startsWith("web-01: ");
    assertThat(estate.recovery.vms()).extracting(VmRef::name).containsExactly("db-01_replica");
    assertThat(estate.run("Protect", WEB).outcome()).as("by name").isEqualTo(Outcome.DONE);
    estate.environment().sleep(Duration.ofMinutes(1));
    estate.until("the rule may have it again", () -> status().leftOut().isEmpty());
    var _ = estate.run("Unprotect", "{\"tag\":\"gold\",\"from\":\"berlin\"}");
  }

  @Test
  void aRuleDoesNotProtectProductionThatWasGivenUpForGood() {
    Replica replica = estate.vm("web-01");
    estate.production.tag(replica.production(), "gold");
    estate.registry.state(replica.id(), ReplicaState.FAILOVER);
    var _ =
        estate.run(
            "PermanentFailover",
            "{\"vms\":[{\"name\":\"web-01\",\"confirm\":\"remove 2 restore points of web-01\"}]}");
    var _ = estate.run("Unprotect", "{\"vms\":[\"web-01\"],\"replica\":\"keep\"}");

    var _ = estate.run("Protect", "{\"tag\":\"gold\",\"from\":\"berlin\",\"to\":\"munich\"}");
    estate.until("the rule has looked", () -> !status().leftOut().isEmpty());

    assertThat(status().leftOut()).singleElement().asString().contains("permanent failover");
    assertThat(estate.recovery.vms()).hasSize(1);
    var _ = estate.run("Unprotect", "{\"tag\":\"gold\",\"from\":\"berlin\"}");
  }

  @Test
  void ofTwoRunsAtOnceOneProtectsTheVmAndTheOtherSaysWhoHasIt() {
    estate.production.addVm("p-web", "web-01", 1);
    estate.registry.script().fail("writeReplica", FaultScript.ANY, Fault.INVALID_INPUT, 1);
    WorkflowStub first = estate.start("Protect", WEB);
    estate.until("parked", () -> isParked(first));

    OperationResult second = estate.run("Protect", WEB);

    assertThat(second.members().getFirst().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(second.members().getFirst().notes())
        .singleElement()
        .asString()
        .contains("another operation holds it, see run 'protect/berlin/p-web'");
    estate
        .client()
        .newUntypedWorkflowStub("protect/berlin/p-web")
        .update("answer", String.class, Estate.json("{\"answer\":\"retry\"}"));
    assertThat(estate.result(first).outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.recovery.vms()).hasSize(1);
  }

  @Test
  void aRunWhoseVmIsProtectedBehindItsBackSaysSo() {
    estate.production.addVm("p-web", "web-01", 1);
    List<OperationResult> other = new CopyOnWriteArrayList<>();
    estate
        .recovery
        .script()
        .after("findVms", FaultScript.ANY, () -> other.add(estate.run("Protect", WEB)));

    MemberResult late = estate.runOne("Protect", WEB);

    MemberResult early = other.getFirst().members().getFirst();
    assertThat(early.outcome()).isEqualTo(Outcome.DONE);
    assertThat(late.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(late.notes())
        .singleElement()
        .asString()
        .contains("it is protected as '" + early.replicaId() + "' by now");
    assertThat(estate.recovery.vms()).hasSize(1);
  }

  private NewcomersStatus status() {
    return estate
        .client()
        .newUntypedWorkflowStub("protection/berlin/tag/gold")
        .query("status", NewcomersStatus.class);
  }

  private static boolean isParked(WorkflowStub run) {
    return run.query("status", OperationStatus.class).members().stream()
        .anyMatch(member -> member.parked() != null);
  }
}
