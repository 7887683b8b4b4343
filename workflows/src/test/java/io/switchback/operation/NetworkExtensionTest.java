package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.model.PowerState.OFF;
import static io.switchback.port.NetworkExtensionActivities.Side.PRODUCTION;
import static io.switchback.port.NetworkExtensionActivities.Side.RECOVERY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.switchback.fault.Fault;
import io.switchback.model.Connectivity;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Replica;
import io.switchback.model.SiteNetworks;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.NetworkState;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop of a pair of networks, and the operations that need it. */
class NetworkExtensionTest {
  private static final int PAIR = 1;
  private static final String WEB = "{\"vms\":[\"web-01\"]}";

  @AutoClose private Estate estate = new Estate();

  @BeforeEach
  void extend() {
    estate.extendNetworks();
  }

  @Test
  void aFailoverExtendsTheNetworkFirstAtTheRecoverySite() {
    estate.vm("web-01");

    MemberResult result = estate.runOne("PartialFailover", WEB);

    assertThat(result.network())
        .extracting(NetworkState::side, NetworkState::condition)
        .containsExactly(tuple(RECOVERY, Condition.UP), tuple(PRODUCTION, Condition.UP));
    assertThat(result.network().getFirst().detail()).contains("10.1.0.106");
    assertThat(estate.extension.effects()).containsExactly("start RECOVERY", "start PRODUCTION");
    assertThat(estate.extension.open(PRODUCTION)).containsExactly("10.1.0.106");
  }

  @Test
  void theLastUndoLeavesNothingAndEndsTheLoop() {
    Replica web = estate.vm("web-01");
    Replica db = estate.vm("database-01");
    estate.run("PartialFailover", "{\"vms\":[\"web-01\",\"database-01\"]}");
    assertThat(estate.registry.extendedFor()).containsExactlyInAnyOrder(web.id(), db.id());
    assertThat(estate.extension.open(RECOVERY)).containsExactly("10.1.0.106", "10.1.0.111");
    assertThat(estate.extension.started(RECOVERY)).as("they share one").isEqualTo(1);

    estate.runOne("UndoFailover", WEB);

    assertThat(estate.extension.open(PRODUCTION)).containsExactly("10.1.0.111");
    assertThat(estate.registry.isClosed(PAIR)).isFalse();

    estate.runOne("UndoFailover", "{\"vms\":[\"database-01\"]}");

    assertThat(estate.registry.isClosed(PAIR)).isTrue();
    assertThat(estate.extension.isPresent(RECOVERY)).isFalse();
    assertThat(estate.extension.isPresent(PRODUCTION)).isFalse();
    assertThat(estate.extension.effects()).endsWith("remove PRODUCTION", "remove RECOVERY");
    estate.until("ends", () -> !isRunning());
  }

  @Test
  void aNetworkThatTakesTooLongIsDegradedAndComesUpLater() {
    Replica web = estate.vm("web-01");
    estate.extension.carries(false);

    MemberResult result = estate.runOne("PartialFailover", WEB);

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.state(web)).isEqualTo(FAILOVER);
    assertThat(result.network().get(0).condition()).isEqualTo(Condition.UP);
    assertThat(result.network().get(1).condition()).isEqualTo(Condition.DEGRADED);
    assertThat(result.network().get(1).detail()).contains("does not answer through the tunnel");

    estate.extension.carries(true);
    estate.environment().sleep(Duration.ofMinutes(1));
    assertThat(details()).contains("production side (berlin): UP");
  }

  @Test
  void aProductionSiteThatIsGoneDoesNotHoldTheFailoverUp() {
    estate.vm("web-01");
    estate.extension.script().fail("convergeEnd", "berlin", Fault.SITE_UNREACHABLE, 1000);

    MemberResult result = estate.runOne("PartialFailover", WEB);

    assertThat(result.network())
        .extracting(NetworkState::condition)
        .containsExactly(Condition.UP, Condition.DEGRADED);
  }

  @Test
  void anApplianceThatIsBusyWithAnotherNetworkIsAskedAgainSoon() {
    estate.vm("web-01");
    estate.extension.script().fail("convergeEnd", "munich", Fault.BUSY, 4);

    MemberResult result = estate.runOne("PartialFailover", WEB);

    assertThat(result.network())
        .extracting(NetworkState::condition)
        .containsExactly(Condition.UP, Condition.UP);
  }

  @Test
  void whereASiteHasNoApplianceTheFailoverGoesOnAtOnceAndSaysSo() {
    Estate without = new Estate();
    try (without) {
      without.registry.extend(
          "berlin",
          "munich",
          new NetworkMapping(
              "lan-berlin",
              "lan",
              "",
              new NetworkExtent("10.1.0.0/24", "", "lan0", "recovery0", "127.0.0.1:1194", 1194)));
      without.appliance("munich");
      without.vm("web-01");

      MemberResult result = without.runOne("PartialFailover", WEB);

      assertThat(result.network())
          .extracting(NetworkState::condition)
          .containsExactly(Condition.UP, Condition.ABSENT);
      assertThat(result.network().get(1).detail()).contains("no appliance is described");
    }
  }

  @Test
  void moreNetworksThanTheApplianceServesRefuseAFailoverBeforeAnythingIsChanged() {
    Replica web = estate.vm("web-01");
    estate.registry.networks(
        "munich",
        new SiteNetworks(
            Connectivity.APPLIANCE, List.of("lan", "b", "c", "d", "e", "f", "g", "h", "i", "j")));

    assertThatThrownBy(() -> estate.run("PartialFailover", WEB))
        .hasRootCauseInstanceOf(ApplicationFailure.class)
        .rootCause()
        .message()
        .contains("Nothing was changed", "site 'munich' has 10 networks", ": b, c, d, e");

    assertThat(estate.state(web)).isEqualTo(READY);
    assertThat(estate.registry.isOnHold(web.id())).isFalse();
    assertThat(estate.registry.audit()).isEmpty();
    assertThat(estate.recovery.power(web.recovery())).isEqualTo(OFF);
    assertThat(estate.extension.effects()).isEmpty();
  }

  @Test
  void whereNsxEdgeConnectsNoApplianceIsAskedAndTheResultSaysSo() {
    estate.vm("web-01");
    estate.registry.appliance("munich", "gateway");
    estate.registry.networks(
        "munich",
        new SiteNetworks(
            Connectivity.NSX_EDGE, List.of("lan", "b", "c", "d", "e", "f", "g", "h", "i", "j")));

    MemberResult result = estate.runOne("PartialFailover", WEB);

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.network())
        .extracting(NetworkState::condition)
        .containsExactly(Condition.NOT_NEEDED, Condition.NOT_NEEDED);
    assertThat(result.network())
        .extracting(NetworkState::detail)
        .containsOnly("site 'munich' is connected by its NSX Edge: no appliance is needed");
    assertThat(estate.extension.effects()).isEmpty();
    assertThat(estate.registry.extendedFor()).isEmpty();
    assertThat(estate.runOne("UndoFailover", WEB).state()).isEqualTo(READY);
  }

  @Test
  void aDeadDaemonIsStartedAgainAndPeopleAreTold() {
    estate.vm("web-01");
    estate.runOne("PartialFailover", WEB);

    estate.extension.kill(PRODUCTION);
    estate.environment().sleep(Duration.ofSeconds(20));

    assertThat(estate.extension.started(PRODUCTION)).isEqualTo(2);
    assertThat(estate.extension.started(RECOVERY)).isEqualTo(1);
    estate.until(
        "told",
        () ->
            estate.people.notices().stream()
                .anyMatch(notice -> notice.message().contains("is up again")));
    assertThat(details()).contains("mended 1 times");
  }

  @Test
  void whatWasMendedIsRemovedAsWell() {
    estate.vm("web-01");
    estate.runOne("PartialFailover", WEB);
    estate.extension.kill(PRODUCTION);
    estate.environment().sleep(Duration.ofSeconds(20));

    estate.runOne("UndoFailover", WEB);

    assertThat(estate.extension.isPresent(RECOVERY)).isFalse();
    assertThat(estate.extension.isPresent(PRODUCTION)).isFalse();
  }

  @Test
  void aTeardownThatFailsIsTriedUntilNothingIsLeft() {
    estate.vm("web-01");
    estate.runOne("PartialFailover", WEB);
    estate.extension.script().fail("tearDownEnd", "berlin", Fault.UNEXPECTED, 2);

    MemberResult undone = estate.runOne("UndoFailover", WEB);

    assertThat(undone.state()).isEqualTo(READY);
    estate.environment().sleep(Duration.ofMinutes(2));
    assertThat(estate.registry.isClosed(PAIR)).isTrue();
    assertThat(estate.extension.isPresent(PRODUCTION)).isFalse();
  }

  @Test
  void whoFailsOverAgainOpensThePairAgain() {
    estate.vm("web-01");
    estate.runOne("PartialFailover", WEB);
    estate.runOne("UndoFailover", WEB);

    MemberResult again = estate.runOne("PartialFailover", WEB);

    assertThat(again.network())
        .extracting(NetworkState::condition)
        .containsExactly(Condition.UP, Condition.UP);
    assertThat(estate.extension.started(RECOVERY)).isEqualTo(2);
  }

  @Test
  void runsThatAreReplayedAtEachTaskComeToTheSame() {
    try (Estate forgetful = new Estate(0, "berlin", "munich")) {
      forgetful.extendNetworks();
      forgetful.vm("web-01");

      MemberResult over = forgetful.runOne("PartialFailover", WEB);
      MemberResult undone = forgetful.runOne("UndoFailover", WEB);

      assertThat(over.network())
          .extracting(NetworkState::condition)
          .containsExactly(Condition.UP, Condition.UP);
      assertThat(undone.state()).isEqualTo(READY);
      assertThat(forgetful.extension.effects())
          .isEqualTo(
              List.of(
                  "start RECOVERY", "start PRODUCTION", "remove PRODUCTION", "remove RECOVERY"));
    }
  }

  @Test
  void aLoopWhoseHistoryIsCutGoesOnWatching() {
    estate.vm("web-01");
    estate.runOne("PartialFailover", WEB);
    String first = run().describe().getExecution().getRunId();

    estate.environment().sleep(Duration.ofMinutes(20));

    assertThat(run().describe().getExecution().getRunId()).isNotEqualTo(first);
    assertThat(estate.extension.started(RECOVERY)).isEqualTo(1);
    estate.extension.kill(RECOVERY);
    estate.environment().sleep(Duration.ofSeconds(20));
    assertThat(estate.extension.started(RECOVERY)).isEqualTo(2);
  }

  private WorkflowStub run() {
    return estate.client().newUntypedWorkflowStub(NetworkExtension.workflowId(PAIR));
  }

  private boolean isRunning() {
    return run().describe().getStatus()
        == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
  }

  private String details() {
    return TemporalInMemory.details(run());
  }
}
