package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.model.PowerState.OFF;
import static io.switchback.operation.Checks.ADDRESS_TAKEN;
import static io.switchback.port.NetworkExtensionActivities.Side.PRODUCTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Replica;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.NetworkState;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A machine that only ARP finds, and that answers to the address of a replica. */
class TakenAddressTest {
  private static final String WEB = "{\"vms\":[\"web-01\"],\"by\":\"ada\"}";
  private static final String ADDRESS = "10.1.0.106";
  private static final String MAC = "00:50:56:00:00:01";

  @AutoClose private final Estate estate = new Estate();
  private final Replica replica = estate.vm("web-01");

  @BeforeEach
  void extend() {
    estate.extendNetworks();
  }

  @Test
  void theAddressStaysClosedAndTheRunAsks() {
    estate.extension.own(ADDRESS, MAC);

    WorkflowStub run = estate.start("PartialFailover", WEB);

    assertThat(parked().message()).contains(ADDRESS + ": " + MAC, "acknowledge");
    assertThat(estate.state(replica)).as("the replica serves meanwhile").isEqualTo(FAILOVER);
    assertThat(estate.extension.open(PRODUCTION)).isEmpty();

    estate.extension.disown(ADDRESS);
    answer(Answer.RETRY);
    assertThat(end(run).outcome()).isEqualTo(Outcome.DONE);
    estate.until("opens", () -> estate.extension.open(PRODUCTION).contains(ADDRESS));
  }

  @Test
  void whoIsToldThatItIsGoneLooksForHimself() {
    estate.extension.own(ADDRESS, MAC);
    WorkflowStub run = estate.start("PartialFailover", WEB);
    var _ = parked();

    answer(Answer.RETRY);

    estate.until("asks again", () -> estate.pages(Fault.CHECK_FAILED.name()).size() == 2);
    var _ = parked();
    assertThat(estate.extension.open(PRODUCTION)).isEmpty();
    answer(Answer.ABORT);
    assertThat(end(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.state(replica)).isEqualTo(READY);
  }

  @Test
  void aPersonsWordOpensIt() {
    estate.extension.own(ADDRESS, MAC);
    WorkflowStub run = estate.start("PartialFailover", WEB);
    var _ = parked();

    answer(Answer.ACKNOWLEDGE);

    MemberResult result = end(run);
    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(result.overrides()).singleElement().asString().contains(ADDRESS_TAKEN, "ada");
    assertThat(result.network())
        .extracting(NetworkState::condition)
        .containsExactly(Condition.UP, Condition.UP);
    assertThat(result.network().get(1).detail()).contains(ADDRESS);
    assertThat(estate.extension.open(PRODUCTION)).containsExactly(ADDRESS);
  }

  @Test
  void aWordThatWasGivenBeforehandOpensItToo() {
    estate.extension.own(ADDRESS, MAC);

    MemberResult result =
        estate.runOne(
            "PartialFailover",
            """
            {"vms":["web-01"],"by":"ada","overrides":[
              {"check":"addressTaken","by":"ada","reason":"a scanner that goes today"}]}
            """);

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.extension.open(PRODUCTION)).containsExactly(ADDRESS);
  }

  @Test
  void whereTheNetworkIsExtendedAlreadyItIsAskedBeforePowerOn() {
    estate.vm("database-01");
    estate.run("PartialFailover", "{\"vms\":[\"database-01\"]}");
    estate.extension.own(ADDRESS, MAC);

    WorkflowStub run = estate.start("PartialFailover", WEB);

    var _ = parked();
    assertThat(estate.recovery.power(replica.recovery())).isEqualTo(OFF);
    assertThat(estate.state(replica)).isEqualTo(READY);
    answer(Answer.ACKNOWLEDGE);
    assertThat(end(run).outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.pages(Fault.CHECK_FAILED.name())).as("asked once").hasSize(1);
    assertThat(estate.extension.open(PRODUCTION)).contains(ADDRESS);
  }

  @Test
  void othersOfTheSameNetworkAreOpenMeanwhile() {
    estate.vm("database-01");
    estate.run("PartialFailover", "{\"vms\":[\"database-01\"]}");
    estate.extension.own(ADDRESS, MAC);

    WorkflowStub run = estate.start("PartialFailover", WEB);
    var _ = parked();

    assertThat(estate.extension.open(PRODUCTION)).containsExactly("10.1.0.111");
    answer(Answer.ABORT);
    assertThat(end(run).outcome()).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void whatIsOpenIsNotAskedForAgainButWhoeverComesBackIs() {
    estate.runOne("PartialFailover", WEB);
    estate.environment().sleep(Duration.ofMinutes(15));
    assertThat(estate.extension.asked()).containsExactly(ADDRESS);

    estate.runOne("UndoFailover", WEB);
    estate.runOne("PartialFailover", WEB);

    assertThat(estate.extension.asked()).containsExactly(ADDRESS, ADDRESS);
  }

  @Test
  void whoComesBackWhileAnEndIsStillToBeRemovedIsAskedForAgain() {
    estate.runOne("PartialFailover", WEB);
    estate.extension.script().fail("tearDownEnd", "munich", Fault.UNEXPECTED, 1000);
    estate.runOne("UndoFailover", WEB);
    estate.extension.script().forget();
    estate
        .recovery
        .script()
        .after("powerOnVm", "r-web-01", () -> estate.extension.own(ADDRESS, MAC));

    WorkflowStub run = estate.start("PartialFailover", WEB);

    assertThat(parked().message()).contains(MAC);
    assertThat(estate.state(replica)).isEqualTo(FAILOVER);
    assertThat(estate.extension.open(PRODUCTION)).isEmpty();
    answer(Answer.ABORT);
    assertThat(end(run).outcome()).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void whatThePreflightFindsIsSaidAndSegmentsAreClamped() {
    estate.extension.finds(1300, "Packets may have 1300 bytes only.");
    estate.extension.carries(false);

    MemberResult result = estate.runOne("PartialFailover", WEB);

    assertThat(estate.extension.clamped(PRODUCTION)).isEqualTo(1300);
    assertThat(result.network().get(1).condition()).isEqualTo(Condition.DEGRADED);
    assertThat(result.network().get(1).detail()).contains("1300 bytes");
    assertThat(
            TemporalInMemory.details(
                estate.client().newUntypedWorkflowStub(NetworkExtension.workflowId(1))))
        .contains("1300 bytes");
  }

  private Parked parked() {
    Parked parked = estate.parked(replica);
    assertThat(parked.step()).isEqualTo(ADDRESS_TAKEN);
    return parked;
  }

  private void answer(String word) {
    estate.answer(replica, word, "looked at it");
  }

  private MemberResult end(WorkflowStub run) {
    return estate.resultBesideParked(run).members().getFirst();
  }
}
