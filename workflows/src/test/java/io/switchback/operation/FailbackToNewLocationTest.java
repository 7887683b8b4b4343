package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static io.switchback.model.PowerState.ON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.CatalogueActivities.AuditEntry;
import java.util.ArrayList;
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
  private final Replica replica = failedOver();

  @Test
  void makesTheVmAndBringsHomeWhatTheReplicaWroteBeforeAndWhileItWasCopied() {
    write(0, "before-1");
    estate.registry.script().before("recordRound", "id-web-01", () -> write(0, "last--1"));

    MemberResult result = run("Failback", AUTO);

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
  void theVmIsMadeOfWhatTheReplicaIsMadeOfWhereItWasAskedFor() {
    Hardware hardware =
        new Hardware(3, 6L << 30, Firmware.EFI, List.of(new Nic("dr-lan", true, List.of())));
    estate.recovery.change(replica.recovery(), hardware, Placement.ANYWHERE);
    estate.registry.map(replica.id(), new NetworkMapping("lan", "dr-lan", ""));

    run(
        "Failback",
        "{\"vms\":[\"web-01\"],\"location\":{\"name\":\"web-01b\",\"host\":\"host-1\",\"datastore\":\"datastore-1\",\"folder\":\"back\",\"diskFormat\":\"thick\"}}");

    VmProfile now = estate.production.profile(made());
    assertThat(now.hardware())
        .isEqualTo(
            new Hardware(3, 6L << 30, Firmware.EFI, List.of(new Nic("lan", true, List.of()))));
    assertThat(now.placement()).isEqualTo(new Placement("host-1", "datastore-1", "back"));
  }

  @Test
  void onAnotherNetworkTheReplicasMapFollowsWithTheCommit() {
    mapped("lan");
    estate.production.login().networks("lan", "lan-2");

    run(
        "Failback",
        "{\"vms\":[\"web-01\"],\"location\":{\"name\":\"web-01b\",\"networks\":{\"dr-lan\":\"lan-2\"}}}");
    assertThat(networks()).containsExactly("lan-2");
    assertThat(estate.registry.networkMap(replica.id()))
        .containsExactly(new NetworkMapping("lan", "dr-lan", "drill"));
    run("CommitFailback", HOME);

    assertThat(estate.registry.networkMap(replica.id()))
        .containsExactly(new NetworkMapping("lan-2", "dr-lan", "drill"));
  }

  @Test
  void goesByItsProcedure() {
    List<String> before = steps();

    run("Failback", AUTO);

    assertThat(since(before))
        .containsExactlyElementsOf(
            ids(
                Operation.FAILBACK,
                StepKind.LOOK_AT_TARGET,
                StepKind.POWER_OFF_TARGET,
                StepKind.PROTECT_TARGET));
  }

  @Test
  void untilTheCommitNobodyStartsTheVmByAccidentAndThenAnybodyMay() {
    run("Failback", LATER);
    assertThat(estate.production.managedBy(made())).startsWith("id-web-01-home-");
    assertThat(estate.production.power(made())).isEqualTo(PowerState.OFF);
    run("SwitchOver", WEB);
    List<String> before = steps();

    MemberResult result = run("CommitFailback", HOME);

    assertThat(result.state()).isEqualTo(READY);
    assertThat(estate.production.managedBy(made())).isEmpty();
    assertThat(estate.production.power(made())).isEqualTo(ON);
    assertThat(estate.registry.failback(replica.id())).isEmpty();
    assertThat(since(before))
        .containsExactlyElementsOf(ids(Operation.COMMIT_FAILBACK, StepKind.REMOVE_TARGET_SNAPSHOT));
  }

  @Test
  void aSwitchOverBringsOnlyWhatTheReplicaWroteMeanwhile() {
    run("Failback", LATER);
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY_TO_SWITCH);
    write(0, "meanwh1");

    MemberResult result = run("SwitchOver", WEB);

    assertThat(result.state()).isEqualTo(FAILBACK);
    assertThat(content(made())).isEqualTo("meanwh1");
    assertThat(result.notes()).noneMatch(note -> note.contains("FULL_COPY"));
  }

  @Test
  void aSecondOneAfterTheCommitMakesAVmOfItsOwn() {
    run("Failback", AUTO);
    VmRef first = made();
    run("CommitFailback", HOME);
    String now = "{\"vms\":[\"web-01b\"]}";
    estate.production.power(first, PowerState.OFF);
    assertThat(run("PartialFailover", now).state()).isEqualTo(FAILOVER);

    MemberResult result =
        run("Failback", "{\"vms\":[\"web-01b\"],\"location\":{\"name\":\"web-01c\"}}");

    assertThat(result.outcome()).as("%s", result).isEqualTo(Outcome.DONE);
    assertThat(made("web-01c")).isNotEqualTo(first);
    assertThat(estate.production.vms()).contains(first);
  }

  @Test
  void aCancelledFailbackLeavesNoTraceAtProduction() {
    run("Failback", LATER);
    List<String> before = steps();

    MemberResult result = run("CancelFailback", WEB);

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(estate.production.vms()).containsExactly(replica.production());
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(ON);
    assertThat(estate.recovery.snapshots(replica.recovery())).containsExactly("point-1", "point-2");
    assertThat(estate.registry.failback(replica.id())).isEmpty();
    assertThat(since(before))
        .containsExactlyElementsOf(
            ids(
                Operation.CANCEL_FAILBACK,
                StepKind.LIST_TARGET,
                StepKind.RESTORE_TARGET,
                StepKind.REMOVE_TARGET_SNAPSHOT,
                StepKind.RESTART_TARGET));
  }

  @Test
  void aHalfWayCopyThatSomebodyHasStartedIsRemovedAllTheSame() {
    run("Failback", LATER);
    estate.production.power(made(), ON);

    assertThat(run("CancelFailback", WEB).state()).isEqualTo(FAILOVER);

    assertThat(estate.production.vms()).containsExactly(replica.production());
  }

  @Test
  void anUndoKeepsTheVmWithAllThatItWrote() {
    write(0, "serving");
    run("Failback", AUTO);
    VmRef made = made();
    estate.production.write(made, disk(made), 0, "newer-1".getBytes(UTF_8));
    List<String> before = steps();

    MemberResult result = run("UndoFailback", HOME);

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(content(made)).isEqualTo("newer-1");
    assertThat(estate.production.power(made)).isEqualTo(PowerState.OFF);
    assertThat(estate.production.managedBy(made)).isEmpty();
    assertThat(estate.content(replica)).isEqualTo("serving");
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(ON);
    assertThat(estate.registry.production(replica.id())).isEqualTo(replica.production());
    assertThat(result.notes()).anyMatch(note -> note.contains("stays, off and with all"));
    assertThat(since(before))
        .contains("stopTarget", "leaveTarget")
        .doesNotContain("restoreTarget", "removeTarget", "measureTarget");
  }

  @Test
  void anUndoRemovesTheVmWhereThatIsAsked() {
    write(0, "serving");
    run("Failback", AUTO);

    MemberResult result = run("UndoFailback", "{\"vms\":[\"web-01b\"],\"removeVm\":true}");

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(estate.production.vms()).containsExactly(replica.production());
    assertThat(estate.content(replica)).isEqualTo("serving");
    assertThat(result.notes()).anyMatch(note -> note.contains("they are gone"));
  }

  @Test
  void anUndoRemovesNoVmThatWasThereBefore() {
    run("Failback", WEB);

    MemberResult result = run("UndoFailback", "{\"vms\":[\"web-01\"],\"removeVm\":true}");

    assertThat(result.state()).isEqualTo(FAILOVER);
    assertThat(content(replica.production())).isEqualTo("theirs1");
    assertThat(result.notes()).anyMatch(note -> note.contains("put back, not removed"));
  }

  @Test
  void unprotectLeavesTheVmToItsSite() {
    run("Failback", AUTO);

    MemberResult result = run("Unprotect", "{\"vms\":[\"web-01b\"],\"replica\":\"keep\"}");

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
    answer(Answer.ACKNOWLEDGE, "its network is cut");
    assertThat(estate.result(failback).members().getFirst().outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.production.power(made())).isEqualTo(ON);
  }

  @Test
  void theReplicaIsNotJoinedByTheProductionVmThatWasWithoutAWord() {
    run("Failback", AUTO);
    estate.production.address(replica.production(), "10.1.0.6");
    estate.recovery.address(replica.recovery(), "10.1.0.6");
    estate.production.power(replica.production(), ON);

    var undo = estate.start("UndoFailback", "{\"vms\":[\"web-01b\"],\"removeVm\":true}");

    assertThat(estate.parked(replica).step()).isEqualTo(Checks.PRODUCTION_STILL_RUNS);
    answer(Answer.ACKNOWLEDGE, "its network is cut");
    assertThat(estate.result(undo).members().getFirst().outcome()).isEqualTo(Outcome.DONE);
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
    answer(Answer.ABORT, "no room");

    MemberResult result = estate.result(run).members().getFirst();
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
    answer(Answer.ABORT, "it is another's");

    assertThat(estate.result(run).members().getFirst().outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.production.power(made())).isEqualTo(ON);
    assertThat(estate.registry.failback(replica.id())).isEmpty();
  }

  @Test
  void theAnswerThatWasLostMakesNoSecondVm() {
    estate.production.script().loseAnswer("placeVm", "web-01b", 1);

    assertThat(run("Failback", AUTO).outcome()).isEqualTo(Outcome.DONE);

    assertThat(estate.production.vms()).hasSize(2);
  }

  @Test
  void refusesTheNameOfAVmThatIsThere() {
    assertRefused("{}", "is production, and is not overwritten: give another name");
    estate.production.addVm("p-other", "web-02", 1);
    assertRefused("{\"name\":\"web-02\"}", "site 'berlin' has a VM 'web-02' already");
  }

  @Test
  void refusesWhatTheSiteDoesNotHaveAndSaysAllOfItAtOnce() {
    mapped("lan");
    estate.production.login().networks("lan");
    estate.production.login().folders("prod");

    assertRefused(
        "{\"name\":\"b\",\"host\":\"host-9\",\"datastore\":\"store-9\",\"folder\":\"x\",\"networks\":{\"dr-lan\":\"lan-9\"}}",
        "has no host 'host-9'; there are host-1",
        "has no datastore 'store-9'; there are datastore-1",
        "has no network 'lan-9'; there are lan",
        "has no folder 'x'; there are prod");
  }

  @Test
  void refusesNetworksThatAreNotClear() {
    mapped("lan", "lan-2");
    assertRefused("{\"name\":\"b\"}", "stands for lan, lan-2 at site 'berlin'; say which is meant");
    assertRefused(
        "{\"name\":\"b\",\"networks\":{\"lan\":\"x\",\"dr-lan\":\"lan\"}}",
        "has no card on network 'lan'; it has dr-lan");
    estate.registry.map(replica.id(), new NetworkMapping("other", "elsewhere", ""));
    assertRefused(
        "{\"name\":\"b\"}", "network 'dr-lan' of the replica of 'web-01' stands for none");
  }

  @Test
  void refusesASiteWithoutRoom() {
    estate.production.room().host("host-1", 1, 1 << 20);
    assertRefused("{\"name\":\"b\"}", "of memory for 1 VM");
    estate.production.room().host("host-1", 64, 64L << 30);
    estate.production.room().datastore("datastore-1", 1, 0);
    assertRefused("{\"name\":\"b\"}", "datastore 'datastore-1' has");
  }

  @Test
  void aVmThatIsNotToBePoweredOnNeedsNoHostWithRoom() {
    estate.production.room().host("host-1", 1, 1 << 20);

    MemberResult result =
        run(
            "Failback",
            "{\"vms\":[\"web-01\"],\"location\":{\"name\":\"web-01b\"},\"powerOn\":false}");

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.production.power(made())).isEqualTo(PowerState.OFF);
  }

  @Test
  void refusesAnInputThatMakesNoSense() {
    for (String wrong :
        List.of(
            "\"location\":\"berlin\"",
            "\"location\":{\"store\":\"x\"}",
            "\"location\":{\"diskFormat\":\"fat\"}",
            "\"location\":{\"networks\":[\"lan\"]}",
            "\"location\":{},\"restored\":\"web-02\"")) {
      assertThatThrownBy(() -> estate.run("Failback", "{\"vms\":[\"web-01\"],%s}".formatted(wrong)))
          .as(wrong)
          .hasStackTraceContaining("Nothing was changed");
    }
  }

  private void assertRefused(String location, String... because) {
    MemberResult result =
        run("Failback", "{\"vms\":[\"web-01\"],\"location\":%s}".formatted(location));
    assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(String.join("\n", result.notes())).contains("Nothing was changed").contains(because);
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    assertThat(estate.registry.failback(replica.id())).isEmpty();
    assertThat(estate.production.effects("placeVm", "web-01b")).isZero();
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
  }

  private void mapped(String... production) {
    estate.recovery.change(
        replica.recovery(),
        new Hardware(2, 4L << 30, Firmware.BIOS, List.of(new Nic("dr-lan", true, List.of()))),
        Placement.ANYWHERE);
    List<NetworkMapping> map = new ArrayList<>();
    for (String network : production) {
      map.add(new NetworkMapping(network, "dr-lan", "drill"));
    }
    estate.registry.map(replica.id(), map.toArray(NetworkMapping[]::new));
  }

  private List<String> networks() {
    return estate.production.profile(made()).hardware().nics().stream().map(Nic::network).toList();
  }

  private void answer(String word, String why) {
    estate.member(replica).update("answer", String.class, new Answer(null, null, word, "ada", why));
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

  private void write(long offsetBytes, String text) {
    estate.recovery.write(
        replica.recovery(), Estate.disk(replica), offsetBytes, text.getBytes(UTF_8));
  }

  private VmRef made() {
    return made("web-01b");
  }

  private VmRef made(String name) {
    return requireNonNull(
        estate.production.vms().stream()
            .filter(vm -> vm.name().equals(name))
            .findFirst()
            .orElse(null),
        name);
  }

  private String content(VmRef vm) {
    return new String(estate.production.read(vm, disk(vm), 0, 7), UTF_8);
  }

  private String disk(VmRef vm) {
    return estate.production.disks(vm).getFirst();
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

  private static List<String> ids(Operation operation, StepKind... without) {
    return Procedure.of(operation).steps().stream()
        .filter(step -> !List.of(without).contains(step))
        .map(StepKind::id)
        .filter(step -> !step.endsWith("Window"))
        .toList();
  }
}
