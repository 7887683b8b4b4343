package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.FaultScript;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class FailbackTest {
  private static final String WEB = "{\"vms\":[\"web-01\"],\"by\":\"ada\"}";
  private static final String LATER =
      "{\"vms\":[\"web-01\"],\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\"}";

  @AutoClose private final Estate estate = new Estate();
  private final Replica replica = failedOver();

  @Test
  void bringsHomeWhatTheReplicaWroteBeforeAndWhileItWasSynchronised() {
    write("before-1");
    // The last of it is written between the two rounds.
    estate.registry.script().before("recordRound", "id-web-01", () -> write("last--1"));

    MemberResult result = run("Failback", WEB);

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.state()).isEqualTo(FAILBACK);
    assertThat(atProduction()).isEqualTo("last--1");
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.ON);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.OFF);
    assertThat(estate.registry.isOnHold(replica.id())).isTrue();
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    assertThat(requireNonNull(result.failback()).bytesRoundTwo()).isPositive();
    assertThat(result.notes()).anyMatch(note -> note.contains("CHANGE_LIST"));
    // Only what commit or undo needs is left.
    assertThat(ownSnapshots(replica)).hasSize(1);
    assertThat(estate.recovery.snapshots(replica.recovery()))
        .containsExactly("point-1", "point-2", newest().snapshot());
  }

  private RestorePoint newest() {
    return estate.registry.restorePoints(replica.id()).getLast();
  }

  private List<String> ownSnapshots(Replica of) {
    return estate.production.snapshots(of.production());
  }

  @Test
  void goesByItsProcedure() {
    List<String> before = steps();

    run("Failback", WEB);

    assertThat(since(before)).containsExactlyElementsOf(ids(Operation.FAILBACK));
  }

  @Test
  void laterItEndsWithTheReplicaServing() {
    write("before-1");

    MemberResult result = run("Failback", LATER);

    assertThat(result.state()).isEqualTo(READY_TO_SWITCH);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.OFF);
    assertThat(atProduction()).startsWith("before-");
  }

  @Test
  void aSwitchOverBringsWhatTheReplicaWroteMeanwhile() {
    run("Failback", LATER);
    write("meanwh1");
    List<String> before = steps();

    MemberResult result = run("SwitchOver", WEB);

    assertThat(result.state()).isEqualTo(FAILBACK);
    assertThat(atProduction()).isEqualTo("meanwh1");
    assertThat(since(before)).containsExactlyElementsOf(ids(Operation.SWITCH_OVER));
    assertThat(ownSnapshots(replica)).hasSize(1);
  }

  @Test
  void whatSomebodyWroteToProductionMeanwhileIsOverwritten() {
    write("replica");
    run("Failback", LATER);
    estate.production.write(
        replica.production(), disk(), 100, "by hand, while it waited".getBytes(UTF_8));

    run("SwitchOver", WEB);

    assertThat(estate.production.read(replica.production(), disk(), 100, 24))
        .isEqualTo(new byte[24]);
  }

  @Test
  void aCancelledFailbackLeavesNoTraceAtProduction() {
    run("Failback", LATER);
    List<String> before = steps();

    MemberResult result = run("CancelFailback", WEB);

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(atProduction()).isEqualTo("theirs1");
    assertThat(ownSnapshots(replica)).isEmpty();
    assertThat(estate.recovery.snapshots(replica.recovery())).containsExactly("point-1", "point-2");
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
    assertThat(estate.registry.failback(replica.id())).isEmpty();
    assertThat(without("restartTarget", since(before)))
        .containsExactlyElementsOf(without("restartTarget", ids(Operation.CANCEL_FAILBACK)));
  }

  @Test
  void productionThatRanBeforeAtAnotherAddressRunsAgain() {
    estate.production.power(replica.production(), PowerState.ON);
    estate.production.address(replica.production(), "10.9.9.9");
    run("Failback", LATER);

    run("CancelFailback", WEB);

    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.ON);
  }

  @Test
  void productionIsNotPoweredOnBesideItsReplicaWithoutAWord() {
    estate.production.address(replica.production(), "10.1.0.6");
    estate.recovery.address(replica.recovery(), "10.1.0.6");
    estate.production.power(replica.production(), PowerState.ON);
    run("Failback", LATER);

    var cancel = estate.start("CancelFailback", WEB);

    Parked parked = estate.parked(replica);
    assertThat(parked.step()).isEqualTo(Checks.REPLICA_STILL_RUNS);
    assertThat(parked.message())
        .contains("still runs on a connected network and answers to 10.1.0.6");
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.OFF);
    estate
        .member(replica)
        .update(
            "answer",
            String.class,
            new Answer(null, null, Answer.ACKNOWLEDGE, "ada", "it is in a network of its own"));
    assertThat(estate.result(cancel).members().getFirst().outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.ON);
  }

  @Test
  void aCommitKeepsTheProtectiveSnapshotAndReplicationGoesOn() {
    run("Failback", WEB);
    RestorePoint protective = newest();
    List<String> before = steps();

    MemberResult result = run("CommitFailback", WEB);

    assertThat(result.state()).isEqualTo(READY);
    assertThat(ownSnapshots(replica)).isEmpty();
    assertThat(newest()).isEqualTo(protective);
    assertThat(estate.registry.isOnHold(replica.id())).isFalse();
    assertThat(estate.woken).contains(replica.id());
    assertThat(since(before)).containsExactlyElementsOf(ids(Operation.COMMIT_FAILBACK));
  }

  @Test
  void anUndoPutsBothBack() {
    write("serving");
    run("Failback", WEB);
    estate.production.write(replica.production(), disk(), 0, "newer-1".getBytes(UTF_8));
    List<String> before = steps();

    MemberResult result = run("UndoFailback", WEB);

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(atProduction()).isEqualTo("theirs1");
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.OFF);
    assertThat(ownSnapshots(replica)).isEmpty();
    assertThat(estate.content(replica)).isEqualTo("serving");
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
    assertThat(newest().snapshot()).isEqualTo("point-2");
    assertThat(estate.recovery.snapshots(replica.recovery())).containsExactly("point-1", "point-2");
    assertThat(without("restartTarget", since(before)))
        .containsExactlyElementsOf(without("restartTarget", ids(Operation.UNDO_FAILBACK)));
  }

  @Test
  void anAbortedSwitchLeavesTheReplicaServingAndProductionAsItWas() {
    write("serving");
    // The last round fails, after the replica was powered off.
    estate
        .registry
        .script()
        .after(
            "recordRound",
            "id-web-01",
            () -> estate.production.script().fail("transferDisk", disk(), Fault.DATASTORE_FULL, 1));

    var run = estate.start("Failback", WEB);
    estate.parked(replica);
    estate
        .member(replica)
        .update("answer", String.class, new Answer(null, null, Answer.ABORT, "ada", "no room"));

    MemberResult result = estate.result(run).members().getFirst();
    assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
    assertThat(atProduction()).isEqualTo("theirs1");
    assertThat(ownSnapshots(replica)).isEmpty();
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
    assertThat(estate.content(replica)).isEqualTo("serving");
    assertThat(estate.registry.failback(replica.id())).isEmpty();
  }

  @Test
  void aSynchronisationThatCannotBeginWaitsForAPerson() {
    write("serving");
    FaultScript munich = estate.recovery.script();
    munich.after(
        "createSnapshot",
        "r-web-01",
        () -> munich.fail("hello", "munich", Fault.BAD_CREDENTIALS, 1));

    var run = estate.start("Failback", WEB);

    assertThat(estate.parked(replica).step()).isEqualTo("synchronise");
    estate
        .member(replica)
        .update("answer", String.class, new Answer(null, null, Answer.RETRY, null, null));

    assertThat(estate.result(run).members().getFirst().outcome()).isEqualTo(Outcome.DONE);
    assertThat(atProduction()).isEqualTo("serving");
  }

  private Replica failedOver() {
    Replica made = estate.vm("web-01");
    estate.production.write(made.production(), "p-web-01-disk-0", 0, "theirs1".getBytes(UTF_8));
    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");
    return made;
  }

  private MemberResult run(String type, String input) {
    return estate.run(type, input).members().getFirst();
  }

  private void write(String text) {
    estate.recovery.write(replica.recovery(), Estate.disk(replica), 0, text.getBytes(UTF_8));
  }

  private String atProduction() {
    return new String(estate.production.read(replica.production(), disk(), 0, 7), UTF_8);
  }

  private String disk() {
    return replica.disks().getFirst().productionDisk();
  }

  private List<String> steps() {
    return estate.registry.audit().stream()
        .filter(entry -> entry.outcome().equals("DONE") || entry.outcome().equals("ALREADY_SO"))
        .map(AuditEntry::step)
        .toList();
  }

  /** The steps since then; of those that follow themselves, one. */
  private List<String> since(List<String> before) {
    List<String> since = new ArrayList<>();
    steps().stream()
        .skip(before.size())
        .filter(step -> since.isEmpty() || !since.getLast().equals(step))
        .forEach(since::add);
    return since;
  }

  /** Without the steps that only a new location or a window has, which nobody asks for. */
  private static List<String> ids(Operation operation) {
    return Procedure.of(operation).steps().stream()
        .filter(step -> !FailbackToNewLocationTest.STEPS.contains(step))
        .map(StepKind::id)
        .filter(step -> !step.endsWith("Window"))
        .toList();
  }

  private static List<String> without(String step, List<String> steps) {
    return steps.stream().filter(one -> !one.equals(step)).toList();
  }
}
