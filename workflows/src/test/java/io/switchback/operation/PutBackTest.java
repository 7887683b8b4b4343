package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.port.FaultScript;
import io.temporal.client.WorkflowStub;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What becomes of production where an open failback ends, and production cannot be put back. */
class PutBackTest {
  private static final String WEB = "{\"vms\":[\"web-01\"]}";
  private static final String LATER =
      "{\"vms\":[\"web-01\"],\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\"}";

  @AutoClose private final Estate estate = new Estate();
  private final Replica replica = estate.vm("web-01");

  @Test
  void aHalfWayCopyIsNeverStartedThoughProductionRanBefore() {
    estate.production.power(replica.production(), PowerState.ON);
    estate.production.connect(replica.production(), false);
    run("PartialFailover", WEB);
    run("Failback", LATER);
    estate.production.reachable(false);
    WorkflowStub cancel = estate.start("CancelFailback", WEB);
    var _ = estate.parked(replica);
    estate.production.reachable(true);

    answer(Answer.SKIP);

    MemberResult result = estate.resultOfOne(cancel);
    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(result.notes()).anyMatch(note -> note.contains("it was not put back"));
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.OFF);
  }

  @Test
  void anUndoParksWhereTheSnapshotOfWhatProductionWasIsGone() {
    run("PartialFailover", WEB);
    run("Failback", WEB);
    snapshots().forEach(name -> estate.production.deleteSnapshot(replica.production(), name));

    WorkflowStub undo = estate.start("UndoFailback", WEB);
    Parked parked = estate.parked(replica);

    assertThat(parked.step()).isEqualTo(StepKind.RESTORE_TARGET.id());
    assertThat(parked.fault()).isEqualTo(Fault.RESTORE_POINT_NOT_FOUND);
    answer(Answer.SKIP);
    MemberResult result = estate.resultOfOne(undo);
    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(result.skipped()).extracting(SkippedStep::step).containsExactly("restoreTarget");
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.OFF);
  }

  @Test
  void whoeverLeavesItOutKeepsTheSnapshotOfWhatProductionWas() {
    run("PartialFailover", WEB);
    run("Failback", LATER);
    estate.production.script().fail("revertToSnapshot", FaultScript.ANY, Fault.BAD_CREDENTIALS, 1);
    WorkflowStub cancel = estate.start("CancelFailback", WEB);
    var _ = estate.parked(replica);

    answer(Answer.SKIP);

    assertThat(estate.resultOfOne(cancel).state()).isEqualTo(FAILOVER);
    assertThat(snapshots()).singleElement().asString().contains("target-");
  }

  @Test
  void aCancellationThatHasLeftItOutCannotBeAbortedAnyMore() {
    run("PartialFailover", WEB);
    run("Failback", LATER);
    estate.production.reachable(false);
    estate.recovery.script().fail("removeSnapshot", FaultScript.ANY, Fault.BAD_CREDENTIALS, 1);
    WorkflowStub cancel = estate.start("CancelFailback", WEB);
    var _ = estate.parked(replica);
    answer(Answer.SKIP);

    Parked parked = estate.parked(replica);

    assertThat(parked.answers()).contains(Answer.RETRY).doesNotContain(Answer.ABORT);
    answer(Answer.RETRY);
    assertThat(estate.resultOfOne(cancel).state()).isEqualTo(FAILOVER);
  }

  @Test
  void norCanACommit() {
    run("PartialFailover", WEB);
    run("Failback", WEB);
    estate
        .production
        .script()
        .fail("listSnapshots", replica.production().id(), Fault.BAD_CREDENTIALS, 1);
    estate.registry.script().fail("endFailback", FaultScript.ANY, Fault.BAD_CREDENTIALS, 1);
    WorkflowStub commit = estate.start("CommitFailback", WEB);
    var _ = estate.parked(replica);
    answer(Answer.SKIP);

    Parked parked = estate.parked(replica);

    assertThat(parked.answers()).contains(Answer.RETRY).doesNotContain(Answer.ABORT);
    answer(Answer.RETRY);
    assertThat(estate.resultOfOne(commit).outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void aPersonSaysWhetherWhatASuspendedVmHasInMemoryMayBeLost() {
    estate.production.power(replica.production(), PowerState.SUSPENDED);
    run("PartialFailover", WEB);

    WorkflowStub failback = estate.start("Failback", LATER);
    Parked parked = estate.parked(replica);

    assertThat(parked.step()).isEqualTo(Checks.TARGET_SUSPENDED);
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.SUSPENDED);
    answer(Answer.ACKNOWLEDGE);
    assertThat(estate.resultOfOne(failback).state()).isEqualTo(READY_TO_SWITCH);
    run("CancelFailback", WEB);
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.OFF);
  }

  private List<String> snapshots() {
    return estate.production.snapshots(replica.production());
  }

  private void answer(String word) {
    estate.answer(replica, word, "it burnt");
  }

  private void run(String type, String input) {
    assertThat(estate.runOne(type, input).outcome()).isEqualTo(Outcome.DONE);
  }
}
