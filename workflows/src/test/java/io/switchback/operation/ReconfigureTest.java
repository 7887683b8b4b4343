package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.PERMANENT;
import static io.switchback.lifecycle.ReplicaState.SEEDING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.Replica;
import io.switchback.port.NotifyActivities.Notice;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is changed of a VM's protection holds from the next cycle on, or is refused. */
class ReconfigureTest {
  @AutoClose private final Estate estate = new Estate();
  private Replica replica;
  private WorkflowStub loop;

  @BeforeEach
  void follow() {
    replica = estate.protect("web-01", SEEDING);
    estate.registry.schedule(replica.id(), Duration.ofHours(2), Duration.ofHours(4));
    loop = estate.loop(replica);
    cycle();
  }

  @Test
  void aShorterIntervalHoldsFromTheNextCycleOn() {
    reconfigure("\"policy\":{\"name\":\"fast\",\"interval\":\"PT10M\"}");
    long before = cycle().cycle();

    estate.environment().sleep(Duration.ofHours(1));

    assertThat(status().cycle() - before).isBetween(5L, 7L);
  }

  @Test
  void aLongerIntervalHoldsFromTheNextCycleOn() {
    reconfigure("\"policy\":{\"name\":\"slow\",\"interval\":\"PT24H\"}");
    long before = cycle().cycle();

    estate.environment().sleep(Duration.ofHours(47));

    assertThat(status().cycle() - before).isBetween(1L, 2L);
  }

  @Test
  void anotherRetentionLetsPointsGoWithTheNextCycle() {
    for (int i = 0; i < 4; i++) {
      cycle();
    }
    assertThat(estate.registry.restorePoints(replica.id())).hasSizeGreaterThanOrEqualTo(5);

    reconfigure(
        "\"policy\":{\"name\":\"short\",\"interval\":\"PT2H\",\"retention\":{\"points\":2}}");
    cycle();

    assertThat(estate.registry.restorePoints(replica.id())).hasSize(2);
    assertThat(estate.recovery.snapshots(replica.recovery())).hasSize(2);
  }

  @Test
  void anotherObjectiveIsMeasuredFromTheNextCycleOn() {
    reconfigure(
        "\"policy\":{\"name\":\"strict\",\"interval\":\"PT10M\",\"rpoObjective\":\"PT20M\"}");
    cycle();
    estate.production.reachable(false);

    estate.environment().sleep(Duration.ofHours(1));

    List<Notice> told =
        estate.people.notices().stream().filter(one -> one.step().equals("rpo")).toList();
    assertThat(told)
        .singleElement()
        .extracting(Notice::message)
        .asString()
        .contains("older than its objective of PT20M");
  }

  @Test
  void anotherNetworkIsPluggedInByTheNextCycle() {
    assertThat(networks()).containsExactly("lan");
    reconfigure("\"networks\":{\"lan\":\"dr-two\"}");
    cycle();

    assertThat(networks()).containsExactly("dr-two");
  }

  @Test
  void theNextCycleMovesTheVmToAnotherHostAndFolderOnce() {
    long before = estate.recovery.effects("reshapeVm", replica.recovery().id());
    OperationResult result =
        reconfigure("\"placement\":{\"host\":\"host-1\",\"folder\":\"dr/web\"}");
    assertThat(result.members().getFirst().notes()).contains("holds from the next cycle on");
    cycle();
    cycle();

    assertThat(estate.recovery.profile(replica.recovery()).placement())
        .isEqualTo(new Placement("host-1", "store-1", "dr/web"));
    assertThat(estate.recovery.effects("reshapeVm", replica.recovery().id())).isEqualTo(before + 1);

    reconfigure("\"placement\":{\"folder\":\"dr/db\"}");
    cycle();

    assertThat(estate.recovery.profile(replica.recovery()).placement())
        .as("what is left out stays")
        .isEqualTo(new Placement("host-1", "store-1", "dr/db"));
  }

  @Test
  void movesTheVmWithTheCycleAfterOneThatCameToNothing() {
    estate.recovery.script().fail("reshapeVm", replica.recovery().id(), Fault.BAD_CREDENTIALS, 1);
    reconfigure("\"placement\":{\"folder\":\"dr/web\"}");
    cycle();
    cycle();

    assertThat(estate.registry.abandoned(replica.id())).isNotEmpty();
    assertThat(estate.recovery.profile(replica.recovery()).placement().folder())
        .isEqualTo("dr/web");
  }

  @Test
  void refusesAnotherDatastoreBecauseNoDiskIsMoved() {
    assertThatThrownBy(() -> reconfigure("\"placement\":{\"datastore\":\"store-2\"}"))
        .satisfies(
            failure ->
                assertThat(Failures.toFault(failure.getCause()).sentence())
                    .contains("no site moves a replica's disks"));
  }

  @Test
  void refusesAHostAndANetworkThatTheSiteDoesNotHave() {
    estate.recovery.login().networks("dr-lan");
    long reshaped = estate.recovery.effects("reshapeVm", replica.recovery().id());

    MemberResult refused =
        estate.runOne(
            "Reconfigure",
            "{\"vms\":[\"web-01\"],\"placement\":{\"host\":\"host-9\"},\"networks\":{\"lan\":\"dr-x\"}}");

    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.notes())
        .singleElement()
        .asString()
        .contains("Nothing was changed", "has no host 'host-9'", "has no network 'dr-x'");
    assertThat(cycle().problem()).isEmpty();
    assertThat(estate.recovery.effects("reshapeVm", replica.recovery().id())).isEqualTo(reshaped);
  }

  @Test
  void saysWhenItHoldsForAReplicaThatServesAndRefusesOneThatIsPermanent() {
    estate.registry.state(replica.id(), FAILOVER);
    assertThat(reconfigure("\"policy\":{\"name\":\"a\"}").members().getFirst().notes())
        .contains("holds from the first cycle on, once the replica no longer serves");

    estate.registry.state(replica.id(), PERMANENT);
    assertThatThrownBy(() -> reconfigure("\"policy\":{\"name\":\"b\"}"))
        .satisfies(
            failure ->
                assertThat(Failures.toFault(failure.getCause()).sentence())
                    .contains("PERMANENT", "no cycle would follow"));
  }

  private OperationResult reconfigure(String what) {
    OperationResult result = estate.run("Reconfigure", "{\"vms\":[\"web-01\"]," + what + "}");
    assertThat(result.outcome()).as("%s", result).isEqualTo(Outcome.DONE);
    return result;
  }

  private ReplicationStatus cycle() {
    return loop.update("replicateNow", ReplicationStatus.class);
  }

  private ReplicationStatus status() {
    return estate
        .client()
        .newUntypedWorkflowStub(Replication.workflowId(replica.id()))
        .query("status", ReplicationStatus.class);
  }

  private List<String> networks() {
    return estate.recovery.profile(replica.recovery()).hardware().nics().stream()
        .map(Nic::network)
        .toList();
  }
}
