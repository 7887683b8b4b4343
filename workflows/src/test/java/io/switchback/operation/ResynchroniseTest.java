package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What keeps a failback that waits for its switch fresh. */
class ResynchroniseTest {
  private static final String WEB = "{\"vms\":[\"web-01\"],\"by\":\"ada\"}";
  private static final String UNATTENDED =
      "{\"vms\":[\"web-01\"],\"by\":\"cron\",\"unattended\":true}";
  private static final String LATER =
      "{\"vms\":[\"web-01\"],\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\"}";

  @AutoClose private final Estate estate = new Estate(0, "berlin", "munich");
  private final Replica replica = waiting();

  @Test
  void goesByItsProcedure() {
    int before = estate.registry.audit().size();

    MemberResult result = run("ResynchroniseFailback");

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.state()).isEqualTo(READY_TO_SWITCH);
    assertThat(estate.registry.audit().stream().skip(before).map(AuditEntry::step).distinct())
        .containsExactlyElementsOf(
            Procedure.of(Operation.RESYNCHRONISE).steps().stream().map(StepKind::id).toList());
  }

  @Test
  void bringsHomeWhatTheReplicaHasWrittenMeanwhileAndTheReplicaServesOn() {
    for (int week = 1; week <= 3; week++) {
      write("week--" + week);
      estate.environment().sleep(Duration.ofDays(7));

      MemberResult result = run("ResynchroniseFailback");

      assertThat(atProduction()).isEqualTo("week--" + week);
      assertThat(result.notes()).anyMatch(note -> note.contains("CHANGE_LIST"));
    }
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.ON);
    assertThat(ours(estate.recovery.snapshots(replica.recovery()))).hasSize(1);
    assertThat(ours(estate.production.snapshots(replica.production()))).hasSize(2);
    write("last--1");

    assertThat(run("SwitchOver").state()).isEqualTo(FAILBACK);

    assertThat(atProduction()).isEqualTo("last--1");
  }

  @Test
  void aCancelAfterwardsLeavesNoTrace() {
    run("ResynchroniseFailback");
    run("ResynchroniseFailback");

    run("CancelFailback");

    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(estate.production.snapshots(replica.production())).isEmpty();
    assertThat(estate.recovery.snapshots(replica.recovery())).containsExactly("point-1", "point-2");
    assertThat(atProduction()).isEqualTo("theirs1");
  }

  @Test
  void oneThatIsAbortedLeavesTheRoundBefore() {
    List<String> before = estate.recovery.snapshots(replica.recovery());
    List<String> there = estate.production.snapshots(replica.production());
    estate.production.script().fail("createSnapshot", "*", Fault.BAD_CREDENTIALS, 1);
    WorkflowStub run = estate.start("ResynchroniseFailback", WEB);
    assertThat(estate.parked(replica).step()).isEqualTo("markTarget");

    var _ =
        estate
            .member(replica)
            .update("answer", String.class, new Answer(null, null, Answer.ABORT, "ada", "enough"));

    assertThat(estate.resultBesideParked(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(state()).isEqualTo(READY_TO_SWITCH);
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    assertThat(estate.recovery.snapshots(replica.recovery())).isEqualTo(before);
    assertThat(estate.production.snapshots(replica.production())).isEqualTo(there);
    assertThat(run("SwitchOver").state()).isEqualTo(FAILBACK);
  }

  @Test
  void oneThatNobodyWaitsForGivesUpAndKeepsTheReplicaFromNobody() {
    List<String> before = estate.recovery.snapshots(replica.recovery());
    estate.production.script().fail("createSnapshot", "*", Fault.BAD_CREDENTIALS, 1);

    MemberResult result =
        estate
            .resultBesideParked(estate.start("ResynchroniseFailback", UNATTENDED))
            .members()
            .getFirst();

    assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(result.notes()).anyMatch(note -> note.contains("given up at step 'markTarget'"));
    assertThat(estate.recovery.snapshots(replica.recovery())).isEqualTo(before);
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    assertThat(estate.people.notices()).isEmpty();
  }

  @Test
  void theNextOneRemovesWhatOneHasLeft() {
    // The snapshot of the round before is there to stay, also when that one is given up.
    estate.recovery.script().fail("removeSnapshot", "*", Fault.BAD_CREDENTIALS, 1);
    estate.resultBesideParked(estate.start("ResynchroniseFailback", UNATTENDED));
    assertThat(ours(estate.recovery.snapshots(replica.recovery()))).hasSize(2);

    run("ResynchroniseFailback");

    assertThat(ours(estate.recovery.snapshots(replica.recovery()))).hasSize(1);
    assertThat(ours(estate.production.snapshots(replica.production()))).hasSize(2);
  }

  @Test
  void aCancelRemovesWhatOneHasLeft() {
    estate.recovery.script().fail("removeSnapshot", "*", Fault.BAD_CREDENTIALS, 1);
    estate.resultBesideParked(estate.start("ResynchroniseFailback", UNATTENDED));

    run("CancelFailback");

    assertThat(estate.recovery.snapshots(replica.recovery())).containsExactly("point-1", "point-2");
    assertThat(estate.production.snapshots(replica.production())).isEmpty();
  }

  @Test
  void aSwitchRemovesWhatOneHasLeft() {
    estate.recovery.script().fail("removeSnapshot", "*", Fault.BAD_CREDENTIALS, 1);
    estate.resultBesideParked(estate.start("ResynchroniseFailback", UNATTENDED));

    run("SwitchOver");

    assertThat(ours(estate.recovery.snapshots(replica.recovery())))
        .as("what an undo goes back to")
        .singleElement()
        .asString()
        .contains("-failback-");
    assertThat(ours(estate.production.snapshots(replica.production())))
        .as("what production was")
        .hasSize(1);
  }

  @Test
  void oneThatDiedIsSettledAndTheNextOneGoesOn() {
    Deaths deaths = new Deaths(estate, (type, vm, how) -> {});
    estate
        .production
        .script()
        .after("createSnapshot", "*", () -> estate.member(replica).terminate("test"));
    assertThat(deaths.diesIn("ResynchroniseFailback", WEB, replica)).isTrue();

    WorkflowStub settled = estate.start("Reconcile", Deaths.input(replica, Way.ROLL_BACK));
    assertThat(estate.resultBesideParked(settled).outcome()).isEqualTo(Outcome.DONE);

    assertThat(state()).isEqualTo(READY_TO_SWITCH);
    assertThat(ours(estate.recovery.snapshots(replica.recovery()))).hasSize(1);
    assertThat(run("ResynchroniseFailback").outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void theRestorePointOfAnEarlierFailbackStays() {
    String kept = failedBackBefore();

    assertThat(run("ResynchroniseFailback").outcome()).isEqualTo(Outcome.DONE);

    assertThat(estate.recovery.snapshots(replica.recovery())).contains(kept);
  }

  @Test
  void theRestorePointOfAnEarlierFailbackStaysWhereALaterOneDied() {
    String kept = failedBackBefore();
    run("CancelFailback");
    Deaths deaths = new Deaths(estate, (type, vm, how) -> {});
    estate
        .production
        .script()
        .after("createSnapshot", "*", () -> estate.member(replica).terminate("test"));
    assertThat(deaths.diesIn("Failback", LATER, replica)).isTrue();

    WorkflowStub settled = estate.start("Reconcile", Deaths.input(replica, Way.ROLL_BACK));
    assertThat(estate.resultBesideParked(settled).outcome()).isEqualTo(Outcome.DONE);

    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(estate.recovery.snapshots(replica.recovery())).contains(kept);
  }

  /** Goes home and away once, and waits again; answers the snapshot that the way home has left. */
  private String failedBackBefore() {
    run("SwitchOver");
    run("CommitFailback");
    String left = ours(estate.recovery.snapshots(replica.recovery())).getFirst();
    estate.production.power(replica.production(), PowerState.OFF);
    run("PartialFailover");
    estate.resultBesideParked(estate.start("Failback", LATER));
    assertThat(state()).isEqualTo(READY_TO_SWITCH);
    return left;
  }

  private Replica waiting() {
    Replica made = estate.vm("web-01");
    estate.production.write(made.production(), "p-web-01-disk-0", 0, "theirs1".getBytes(UTF_8));
    estate.run("PartialFailover", WEB);
    estate.run("Failback", LATER);
    return made;
  }

  private MemberResult run(String type) {
    return estate.resultBesideParked(estate.start(type, WEB)).members().getFirst();
  }

  private void write(String text) {
    estate.recovery.write(replica.recovery(), Estate.disk(replica), 0, text.getBytes(UTF_8));
  }

  private String atProduction() {
    return new String(
        estate.production.read(
            replica.production(), replica.disks().getFirst().productionDisk(), 0, 7),
        UTF_8);
  }

  private static List<String> ours(List<String> snapshots) {
    return snapshots.stream().filter(name -> name.startsWith("switchback-")).toList();
  }

  private ReplicaState state() {
    return estate.registry.state(replica.id());
  }
}
