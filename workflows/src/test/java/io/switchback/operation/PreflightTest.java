package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.model.PowerState.OFF;
import static io.switchback.model.PowerState.ON;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.CheckOverride;
import io.switchback.model.Replica;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.NetworkState;
import io.temporal.client.WorkflowStub;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is looked at before a failover changes anything, and how a person goes on all the same. */
final class PreflightTest {
  private static final long GIB = 1L << 30;

  @AutoClose private final Estate estate = new Estate();

  @Test
  void parksEveryMemberWithWhatIsWantingForAllOfThemTogether() {
    Replica one = estate.vm("web-01");
    Replica two = estate.vm("db-001");
    estate.recovery.room().host("host-1", 8, GIB + GIB / 2);

    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\",\"db-001\"]}");

    assertThat(estate.parked(one).step()).isEqualTo("noRoom");
    assertThat(estate.parked(two).message())
        .contains("needs 2 GiB of memory for 2 VMs: host-1 has 1.5 GiB free");
    assertThat(estate.recovery.power(one.recovery())).isEqualTo(OFF);
    assertThat(estate.parked(one).answers()).contains("acknowledge", "retry", "abort");
    answer(run, "{\"vm\":\"db-001\",\"answer\":\"abort\"}");
    answer(run, "{\"vm\":\"web-01\",\"answer\":\"retry\"}");
    estate.result(run);
    assertThat(estate.registry.state(one.id())).isEqualTo(FAILOVER);
    assertThat(estate.registry.state(two.id())).isEqualTo(READY);
    assertThat(estate.recovery.script().calls("measureRoom", "munich")).isEqualTo(2);
  }

  @Test
  void goesOnAgainstWantOfRoomOnAPersonsWordInTheInput() {
    Replica replica = estate.vm("web-01");
    estate.recovery.room().host("host-1", 8, GIB / 2);

    OperationResult result =
        estate.run(
            "PartialFailover",
            """
            {"vms":["web-01"],"overrides":[{"check":"noRoom","by":"kim","reason":"overcommitted"}]}
            """);

    assertThat(result.members().getFirst().overrides())
        .containsExactly(new CheckOverride("noRoom", "kim", "overcommitted"));
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
    assertThat(estate.registry.audit())
        .filteredOn(entry -> entry.outcome().equals("OVERRIDDEN"))
        .extracting(AuditEntry::step)
        .containsExactly("noRoom");
  }

  @Test
  void goesOnAgainstWantOfRoomWhenItIsAcknowledged() {
    Replica replica = estate.vm("web-01");
    estate.recovery.room().datastore("datastore-1", 100, 0);
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    assertThat(estate.parked(replica).message()).contains("'datastore-1' has 0 bytes of 100 GiB");

    answer(run, "{\"vm\":\"*\",\"answer\":\"acknowledge\",\"by\":\"kim\",\"reason\":\"thin\"}");

    assertThat(estate.resultOfOne(run).state()).isEqualTo(FAILOVER);
  }

  @Test
  void roomThatCannotBeMeasuredHoldsNothingUp() {
    Replica replica = estate.vm("web-01");
    estate.recovery.script().fail("measureRoom", "munich", Fault.UNEXPECTED, 1000);

    OperationResult result = estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
    assertThat(result.notes()).anyMatch(note -> note.contains("was not measured"));
  }

  @Test
  void parksWhileTheApplianceThatExtendsNetworksIsMissing() {
    Replica replica = estate.vm("web-01");
    estate.registry.appliance("munich", "gateway");

    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(estate.parked(replica).step()).isEqualTo("applianceMissing");
    assertThat(estate.parked(replica).message()).contains("site 'munich' has no VM 'gateway'");
    assertThat(estate.parked(replica).answers()).contains("acknowledge", "retry", "abort");
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(OFF);
    answer(run, "{\"vm\":\"*\",\"answer\":\"retry\"}");
    assertThat(estate.parked(replica).step()).as("still missing").isEqualTo("applianceMissing");

    estate.recovery.addVm("r-gateway", "gateway", 1);
    answer(run, "{\"vm\":\"*\",\"answer\":\"retry\"}");

    assertThat(estate.resultOfOne(run).state()).isEqualTo(FAILOVER);
  }

  @Test
  void goesOnWithoutItsApplianceOnAPersonsWordInTheInput() {
    Replica replica = estate.vm("web-01");
    estate.registry.appliance("munich", "gateway");

    OperationResult result =
        estate.run(
            "PartialFailover",
            """
            {"vms":["web-01"],
             "overrides":[{"check":"applianceMissing","by":"kim","reason":"VPN by hand"}]}
            """);

    assertThat(result.members().getFirst().overrides())
        .containsExactly(new CheckOverride("applianceMissing", "kim", "VPN by hand"));
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
    assertThat(estate.registry.audit())
        .filteredOn(entry -> entry.outcome().equals("OVERRIDDEN"))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.step()).isEqualTo("applianceMissing");
              assertThat(entry.by() + entry.detail()).contains("kim", "VPN by hand");
            });
  }

  @Test
  void whoAnswersInTheMissingAppliancesPlaceExtendsNetworksAllTheSame() {
    estate.extendNetworks();
    Replica replica = estate.vm("web-01");
    estate.registry.appliance("munich", "gateway");
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    assertThat(estate.parked(replica).message())
        .contains("extended only if the machine answers that the site's `tunnels` describe");

    answer(run, "{\"vm\":\"*\",\"answer\":\"acknowledge\",\"by\":\"kim\",\"reason\":\"renamed\"}");

    MemberResult result = estate.resultOfOne(run);
    assertThat(result.network())
        .extracting(NetworkState::condition)
        .containsExactly(Condition.UP, Condition.UP);
    assertThat(result.network().getFirst().detail()).contains("has no VM 'gateway'");
  }

  @Test
  void looksForNoApplianceWhereNoneIsSaidOrNothingStarts() {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.registry.appliance("munich", "gateway");

    assertThat(estate.run("UndoFailover", "{\"vms\":[\"web-01\"]}").outcome())
        .isEqualTo(Outcome.DONE);
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY);
    assertThat(estate.recovery.script().calls("findVms", "munich")).isZero();
  }

  @Test
  void asksBeforeItDiscardsWhatSomebodyWroteOnTheReplicaByHand() {
    Replica replica = estate.vm("web-01");
    estate.write(replica, "by hand");
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(estate.parked(replica).step()).isEqualTo("drift");
    assertThat(estate.parked(replica).message()).contains("has written 7 bytes");
    assertThat(estate.content(replica)).isEqualTo("by hand");

    answer(run, "{\"vm\":\"*\",\"answer\":\"acknowledge\",\"by\":\"kim\",\"reason\":\"a test\"}");
    estate.result(run);
    assertThat(estate.content(replica)).isEqualTo("point-2");
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(ON);
  }

  @Test
  void anUndoNeedsNoRoom() {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.recovery.room().host("host-1", 1, 1);

    estate.run("UndoFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(estate.registry.state(replica.id())).isEqualTo(READY);
  }

  private static void answer(WorkflowStub run, String answer) {
    assertThat(List.of(run.update("answer", String.class, Estate.json(answer)))).isNotEmpty();
  }
}
