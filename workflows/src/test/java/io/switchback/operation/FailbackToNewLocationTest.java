package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static io.switchback.model.PowerState.ON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class FailbackToNewLocationTest {
  /** Those that no other failback has. */
  static final Set<StepKind> STEPS =
      EnumSet.of(
          StepKind.PLACE_TARGET,
          StepKind.NAME_TARGET,
          StepKind.REMOVE_TARGET,
          StepKind.LEAVE_TARGET);

  private static final String WEB = "{\"vms\":[\"web-01\"],\"by\":\"ada\"}";

  /** The same once the VM that was made is production. */
  private static final String HOME = "{\"vms\":[\"web-01b\"],\"by\":\"ada\"}";

  private static final String AUTO =
      "{\"vms\":[\"web-01\"],\"location\":{\"name\":\"web-01b\",\"datastore\":\"datastore-1\"}}";
  private static final String LATER =
      "{\"vms\":[\"web-01\"],\"location\":{\"name\":\"web-01b\"},\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\"}";

  @AutoClose private final Estate estate = new Estate();
  private final Replica replica = estate.failedOver("web-01");

  @Test
  void makesTheVmAndBringsHomeWhatTheReplicaWroteBeforeAndWhileItWasCopied() {
    estate.write(replica, "before-1");
    estate
        .registry
        .script()
        .before("recordRound", "id-web-01", () -> estate.write(replica, "last--1"));

    MemberResult result = estate.runOne("Failback", AUTO);

    assertThat(result.outcome()).as("%s", result).isEqualTo(Outcome.DONE);
    assertThat(result.state()).isEqualTo(FAILBACK);
    assertThat(content(made())).isEqualTo("last--1");
    assertThat(estate.production.power(made())).isEqualTo(ON);
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(PowerState.OFF);
    assertThat(result.notes())
        .anyMatch(note -> note.contains("FULL_COPY"))
        .anyMatch(note -> note.contains("CHANGE_LIST"));
    // Production that was stays as it is, and off.
    assertThat(content(replica.production())).isEqualTo("theirs1");
    assertThat(estate.production.power(replica.production())).isEqualTo(PowerState.OFF);
    assertThat(estate.production.snapshots(made())).isEmpty();
    assertThat(estate.registry.production(replica.id())).isEqualTo(made());
  }

  @Test
  void goesByItsProcedure() {
    DoneSteps steps = new DoneSteps(estate);

    estate.runOne("Failback", AUTO);

    assertThat(steps.ids())
        .containsExactlyElementsOf(
            ids(
                Operation.FAILBACK,
                StepKind.LOOK_AT_TARGET,
                StepKind.POWER_OFF_TARGET,
                StepKind.PROTECT_TARGET));
  }

  @Test
  void untilTheCommitNobodyStartsTheVmByAccidentAndThenAnybodyMay() {
    estate.runOne("Failback", LATER);
    assertThat(estate.production.managedBy(made())).startsWith("id-web-01-home-");
    assertThat(estate.production.power(made())).isEqualTo(PowerState.OFF);
    estate.runOne("SwitchOver", WEB);
    DoneSteps steps = new DoneSteps(estate);

    MemberResult result = estate.runOne("CommitFailback", HOME);

    assertThat(result.state()).isEqualTo(READY);
    assertThat(estate.production.managedBy(made())).isEmpty();
    assertThat(estate.production.power(made())).isEqualTo(ON);
    assertThat(estate.registry.failback(replica.id())).isEmpty();
    assertThat(steps.ids())
        .containsExactlyElementsOf(ids(Operation.COMMIT_FAILBACK, StepKind.REMOVE_TARGET_SNAPSHOT));
  }

  @Test
  void aSwitchOverBringsOnlyWhatTheReplicaWroteMeanwhile() {
    estate.runOne("Failback", LATER);
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY_TO_SWITCH);
    estate.write(replica, "meanwh1");

    MemberResult result = estate.runOne("SwitchOver", WEB);

    assertThat(result.state()).isEqualTo(FAILBACK);
    assertThat(content(made())).isEqualTo("meanwh1");
    assertThat(result.notes()).noneMatch(note -> note.contains("FULL_COPY"));
  }

  @Test
  void aSecondOneAfterTheCommitMakesAVmOfItsOwn() {
    estate.runOne("Failback", AUTO);
    VmRef first = made();
    estate.runOne("CommitFailback", HOME);
    String now = "{\"vms\":[\"web-01b\"]}";
    estate.production.power(first, PowerState.OFF);
    assertThat(estate.runOne("PartialFailover", now).state()).isEqualTo(FAILOVER);

    MemberResult result =
        estate.runOne("Failback", "{\"vms\":[\"web-01b\"],\"location\":{\"name\":\"web-01c\"}}");

    assertThat(result.outcome()).as("%s", result).isEqualTo(Outcome.DONE);
    assertThat(estate.vmAtProduction("web-01c")).isNotEqualTo(first);
    assertThat(estate.production.vms()).contains(first);
  }

  @Test
  void aCancelledFailbackLeavesNoTraceAtProduction() {
    estate.runOne("Failback", LATER);
    DoneSteps steps = new DoneSteps(estate);

    MemberResult result = estate.runOne("CancelFailback", WEB);

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(estate.production.vms()).containsExactly(replica.production());
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(ON);
    assertThat(estate.recovery.snapshots(replica.recovery())).containsExactly("point-1", "point-2");
    assertThat(estate.registry.failback(replica.id())).isEmpty();
    assertThat(steps.ids())
        .containsExactlyElementsOf(
            ids(
                Operation.CANCEL_FAILBACK,
                StepKind.LIST_TARGET,
                StepKind.RESTORE_TARGET,
                StepKind.REMOVE_TARGET_SNAPSHOT,
                StepKind.UNPLUG_TARGET,
                StepKind.RESTART_TARGET));
  }

  @Test
  void aHalfWayCopyThatSomebodyHasStartedIsRemovedAllTheSame() {
    estate.runOne("Failback", LATER);
    estate.production.power(made(), ON);

    assertThat(estate.runOne("CancelFailback", WEB).state()).isEqualTo(FAILOVER);

    assertThat(estate.production.vms()).containsExactly(replica.production());
  }

  @Test
  void anUndoKeepsTheVmWithAllThatItWrote() {
    estate.write(replica, "serving");
    estate.runOne("Failback", AUTO);
    VmRef made = made();
    estate.production.write(made, disk(made), 0, "newer-1".getBytes(UTF_8));
    DoneSteps steps = new DoneSteps(estate);

    MemberResult result = estate.runOne("UndoFailback", HOME);

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(content(made)).isEqualTo("newer-1");
    assertThat(estate.production.power(made)).isEqualTo(PowerState.OFF);
    assertThat(estate.production.managedBy(made)).isEmpty();
    assertThat(estate.content(replica)).isEqualTo("serving");
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(ON);
    assertThat(estate.registry.production(replica.id())).isEqualTo(replica.production());
    assertThat(result.notes()).anyMatch(note -> note.contains("stays, off and with all"));
    assertThat(steps.ids())
        .contains("stopTarget", "leaveTarget")
        .doesNotContain("restoreTarget", "removeTarget", "measureTarget");
  }

  @Test
  void anUndoRemovesTheVmWhereThatIsAsked() {
    estate.write(replica, "serving");
    estate.runOne("Failback", AUTO);

    MemberResult result =
        estate.runOne("UndoFailback", "{\"vms\":[\"web-01b\"],\"removeVm\":true}");

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(estate.production.vms()).containsExactly(replica.production());
    assertThat(estate.content(replica)).isEqualTo("serving");
    assertThat(result.notes()).anyMatch(note -> note.contains("they are gone"));
  }

  @Test
  void anUndoRemovesNoVmThatWasThereBefore() {
    estate.runOne("Failback", WEB);

    MemberResult result = estate.runOne("UndoFailback", "{\"vms\":[\"web-01\"],\"removeVm\":true}");

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(content(replica.production())).isEqualTo("theirs1");
    assertThat(result.notes()).anyMatch(note -> note.contains("put back, not removed"));
  }

  @Test
  void unprotectLeavesTheVmToItsSite() {
    estate.runOne("Failback", AUTO);

    MemberResult result =
        estate.runOne("Unprotect", "{\"vms\":[\"web-01b\"],\"replica\":\"keep\"}");

    assertThat(result.outcome()).as("%s", result).isEqualTo(Outcome.DONE);
    assertThat(estate.production.managedBy(made())).isEmpty();
  }

  @Test
  void theProductionVmThatWasIsNotJoinedAtItsAddressWithoutAWord() {
    estate.production.address(replica.production(), "10.1.0.6");
    estate.production.power(replica.production(), ON);
    estate
        .production
        .script()
        .after("placeVm", "web-01b", () -> estate.production.address(made(), "10.1.0.6"));

    var failback = estate.start("Failback", AUTO);

    Parked parked = estate.parked(replica);
    assertThat(parked.step()).isEqualTo(Checks.PRODUCTION_STILL_RUNS);
    assertThat(parked.message()).contains("answers to 10.1.0.6");
    assertThat(estate.production.power(made())).isEqualTo(PowerState.OFF);
    estate.answer(replica, Answer.ACKNOWLEDGE, "its network is cut");
    assertThat(estate.resultOfOne(failback).outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.production.power(made())).isEqualTo(ON);
  }

  @Test
  void theReplicaIsNotJoinedByTheProductionVmThatWasWithoutAWord() {
    estate.runOne("Failback", AUTO);
    estate.production.address(replica.production(), "10.1.0.6");
    estate.recovery.address(replica.recovery(), "10.1.0.6");
    estate.production.power(replica.production(), ON);

    var undo = estate.start("UndoFailback", "{\"vms\":[\"web-01b\"],\"removeVm\":true}");

    assertThat(estate.parked(replica).step()).isEqualTo(Checks.PRODUCTION_STILL_RUNS);
    estate.answer(replica, Answer.ACKNOWLEDGE, "its network is cut");
    assertThat(estate.resultOfOne(undo).outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void anAbortedFailbackLeavesNothingAtProduction() {
    estate
        .production
        .script()
        .after(
            "placeVm",
            "web-01b",
            () ->
                estate
                    .production
                    .script()
                    .fail("transferDisk", disk(made()), Fault.DATASTORE_FULL, 1));

    var run = estate.start("Failback", AUTO);
    assertThat(estate.parked(replica).step()).isEqualTo("synchronise");
    estate.answer(replica, Answer.ABORT, "no room");

    MemberResult result = estate.resultOfOne(run);
    assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.production.vms()).containsExactly(replica.production());
    assertThat(estate.registry.failback(replica.id())).isEmpty();
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(ON);
  }

  @Test
  void aVmOfThatNameThatCameMeanwhileIsNobodysToTouch() {
    estate
        .production
        .script()
        .before(
            "placeVm",
            "web-01b",
            () -> estate.production.power(estate.production.addVm("web-01b", "web-01b", 1), ON));

    var run = estate.start("Failback", AUTO);
    assertThat(estate.parked(replica).step()).isEqualTo("placeTarget");
    estate.answer(replica, Answer.ABORT, "it is another's");

    assertThat(estate.resultOfOne(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.production.power(made())).isEqualTo(ON);
    assertThat(estate.registry.failback(replica.id())).isEmpty();
  }

  @Test
  void theAnswerThatWasLostMakesNoSecondVm() {
    estate.production.script().loseAnswer("placeVm", "web-01b", 1);

    assertThat(estate.runOne("Failback", AUTO).outcome()).isEqualTo(Outcome.DONE);

    assertThat(estate.production.vms()).hasSize(2);
  }

  private VmRef made() {
    return estate.vmAtProduction("web-01b");
  }

  private String content(VmRef vm) {
    return new String(estate.production.read(vm, disk(vm), 0, 7), UTF_8);
  }

  private String disk(VmRef vm) {
    return estate.production.disks(vm).getFirst();
  }

  private static List<String> ids(Operation operation, StepKind... without) {
    return DoneSteps.of(operation, Set.of(without));
  }
}
