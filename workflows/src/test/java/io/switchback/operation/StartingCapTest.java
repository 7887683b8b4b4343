package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.FaultScript;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** How many VMs of a site start at once, and who waits for that. */
class StartingCapTest {
  @AutoClose private final Estate estate = new Estate();

  @Test
  void noMoreThanTheCapStartAtOnceAlthoughEveryMemberRuns() {
    estate.registry.cap("munich", Cap.STARTING, 3);
    List<Replica> replicas =
        IntStream.range(0, 30).mapToObj(i -> estate.vm("vm-%02d".formatted(i))).toList();
    List<Integer> atOnce = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 30; i++) {
      estate
          .recovery
          .script()
          .before(
              "awaitGuest",
              FaultScript.ANY,
              () -> atOnce.add(estate.registry.admitted("munich", Cap.STARTING)));
    }
    String names =
        String.join(",", replicas.stream().map(replica -> "\"" + replica.name() + "\"").toList());

    OperationResult result = estate.run("PartialFailover", "{\"vms\":[" + names + "]}");

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(atOnce).hasSize(30).allMatch(starting -> starting <= 3);
    assertThat(estate.registry.script().calls("admit", "munich")).isGreaterThan(30);
  }

  @Test
  void aPowerOnThatIsTriedForLongerThanALeaseLastsKeepsItsPlace() {
    Replica replica = estate.vm("web-01");
    estate.registry.clock(() -> Instant.ofEpochMilli(estate.environment().currentTimeMillis()));
    estate.registry.cap("munich", Cap.STARTING, 1);
    Pace patient =
        new Pace(
            Duration.ofSeconds(10),
            Duration.ofMinutes(4),
            100,
            Duration.ofSeconds(30),
            Duration.ofMinutes(2));
    estate.registry.pace(patient);
    estate.recovery.script().fail("powerOnVm", "r-web-01", Fault.SITE_UNREACHABLE, 60);
    List<Integer> starting = new ArrayList<>();
    estate
        .recovery
        .script()
        .after(
            "powerOnVm",
            "r-web-01",
            () -> starting.add(estate.registry.admitted("munich", Cap.STARTING)));

    OperationResult result = estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(starting).as("places taken half an hour later").containsExactly(1);
    assertThat(estate.registry.admitted("munich", Cap.STARTING)).isZero();
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
  }

  @Test
  void aParkedMemberDoesNotKeepTheOthersFromStarting() {
    estate.registry.cap("munich", Cap.STARTING, 1);
    Replica parked = estate.vm("web-01");
    Replica other = estate.vm("db-01");
    estate.recovery.script().fail("powerOnVm", "r-web-01", Fault.NO_CAPACITY, 1);

    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\",\"db-01\"]}");
    estate.parked(parked);

    estate.until("the other", () -> estate.registry.state(other.id()) == FAILOVER);
    estate.answer(parked, "retry");
    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.DONE);
  }

  @Test
  void aCancelRequestDoesNotWaitForRoomToStart() {
    estate.registry.cap("munich", Cap.STARTING, 0);
    Replica replica = estate.vm("web-01");
    estate.registry.script().before("admit", "munich", () -> {});
    WorkflowStub run = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.until("asks", () -> estate.registry.script().calls("admit", "munich") > 2);

    estate.member(replica).cancel();

    assertThat(estate.result(run).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.registry.state(replica.id())).isEqualTo(READY);
  }
}
